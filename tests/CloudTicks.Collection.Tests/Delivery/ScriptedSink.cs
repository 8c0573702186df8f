using CloudTicks.Collection.Delivery;
using CloudTicks.Collection.Records;

namespace CloudTicks.Collection.Tests.Delivery;

/// <summary>A sink whose acknowledgements the test controls.</summary>
internal sealed class ScriptedSink : IRecordSink
{
    private readonly Lock _gate = new();
    private readonly List<OutgoingRecord> _handedOver = [];
    private readonly List<OutgoingRecord> _acknowledged = [];
    private readonly Queue<(TaskCompletionSource Acknowledged, OutgoingRecord Record)> _unacknowledged = new();
    private bool _isUp = true;

    public TimeSpan? UnavailableFor => null;

    public IReadOnlyList<OutgoingRecord> HandedOver
    {
        get
        {
            lock (_gate)
            {
                return [.. _handedOver];
            }
        }
    }

    /// <summary>The acknowledged records, in order.</summary>
    public IReadOnlyList<OutgoingRecord> Acknowledged
    {
        get
        {
            lock (_gate)
            {
                return [.. _acknowledged];
            }
        }
    }

    public int OpenCount
    {
        get
        {
            lock (_gate)
            {
                return _unacknowledged.Count;
            }
        }
    }

    public ValueTask<Task> SendAsync(OutgoingRecord record, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _handedOver.Add(record);
            if (_isUp)
            {
                _acknowledged.Add(record);
                return new ValueTask<Task>(Task.CompletedTask);
            }

            var acknowledged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _unacknowledged.Enqueue((acknowledged, record));
            return new ValueTask<Task>(acknowledged.Task);
        }
    }

    /// <summary>Stops acknowledging.</summary>
    public void StopAcknowledging()
    {
        lock (_gate)
        {
            _isUp = false;
        }
    }

    /// <summary>Acknowledges the oldest unacknowledged records.</summary>
    public void Acknowledge(int count)
    {
        lock (_gate)
        {
            for (; count > 0 && _unacknowledged.TryDequeue(out var pending); count--)
            {
                _acknowledged.Add(pending.Record);
                pending.Acknowledged.SetResult();
            }
        }
    }

    /// <summary>Drops all unacknowledged records, as a broken connection does.</summary>
    public void DropUnacknowledged()
    {
        lock (_gate)
        {
            _unacknowledged.Clear();
        }
    }

    /// <summary>Acknowledges all unacknowledged and all new records.</summary>
    public void ResumeAcknowledging()
    {
        lock (_gate)
        {
            _isUp = true;
            Acknowledge(int.MaxValue);
        }
    }
}
