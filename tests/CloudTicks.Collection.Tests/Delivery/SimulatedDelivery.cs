using CloudTicks.Collection.Delivery;
using CloudTicks.Collection.Records;

namespace CloudTicks.Collection.Tests.Delivery;

/// <summary>Simulates sink, spool and clock, which change the delivery state in an order that the test chooses.</summary>
internal sealed class SimulatedDelivery
{
    private static readonly byte[] OneMebibyte = new byte[1 << 20];

    private readonly List<DeliveryRecord> _unacknowledged = [];
    private readonly List<DeliveryRecord> _spool = [];
    private TimeSpan _now;
    private int _readCount;
    private int _skipUpTo;
    private bool _isHandingOver;

    public DeliveryState State { get; } = new(feedWaits: false, lastSequence: 0, records: 0);

    public int Accepted { get; private set; }

    public List<int> HandedOver { get; } = [];

    public List<int> Acknowledged { get; } = [];

    private bool IsSpoolRead => Math.Max(_readCount, _skipUpTo) >= _spool.Count;

    public static DeliveryRecord Record(int number) => new(new OutgoingRecord(number, OneMebibyte, 1));

    public static int Number(DeliveryRecord? record) => record!.Record.Partition;

    public void RunAction(int action, int count)
    {
        switch (action)
        {
            case 0:
            case 1:
                for (var record = Record(Accepted + 1); count > 0 && State.TryAccept(record, true); record = Record(Accepted + 1), count--)
                {
                    Accepted++;
                }

                break;
            case 2:
                Acknowledge(count % 10);
                break;
            case 3:
                Write();
                break;
            case 4:
                if (State.NextForDisk().Records.Count > 0)
                {
                    State.OnUnwritable(IsSpoolRead);
                }

                break;
            case 5:
                _now += TimeSpan.FromMilliseconds(count * 10);
                State.CheckTimeouts(_now);
                break;
            case 6:
                Drain();
                break;
            default:
                AcceptHandedOver();
                break;
        }

        HandOverNext();
    }

    /// <summary>Completes the delivery, with a sink and a disk that work.</summary>
    public void Finish()
    {
        for (var round = 0; Acknowledged.Count < Accepted || State.IsSpooling; round++)
        {
            round.ShouldBeLessThan(10_000, "the delivery must end");
            AcceptHandedOver();
            HandOverNext();
            Acknowledge(int.MaxValue);
            Write();
            Drain();
        }
    }

    private void HandOverNext()
    {
        if (!_isHandingOver && State.NextForSink(_now) is { } record)
        {
            _isHandingOver = true;
            HandToSink(record);
        }
    }

    private void AcceptHandedOver()
    {
        if (_isHandingOver)
        {
            _isHandingOver = false;
            State.OnAccepted();
        }
    }

    private void HandToSink(DeliveryRecord record)
    {
        HandedOver.Add(Number(record));
        _unacknowledged.Add(record);
    }

    private void Acknowledge(int count)
    {
        foreach (var record in _unacknowledged.Take(count).ToList())
        {
            _unacknowledged.Remove(record);
            Acknowledged.Add(Number(record));
            State.OnAcknowledged(record, _now);
        }
    }

    private void Write()
    {
        var group = State.NextForDisk();
        var handedCount = group.Records.TakeWhile(record => record.IsHandedOver).Count();
        _skipUpTo = handedCount > 0 ? _spool.Count + handedCount : _skipUpTo;
        var first = _spool.Count + 1;
        _spool.AddRange(group.Records);
        State.OnWritten(group, first);
    }

    private void Drain()
    {
        // Like the drain loop, drain only after the sink has accepted the record that is being handed over.
        if (_isHandingOver || !State.TryBeginDrain())
        {
            return;
        }

        if (IsSpoolRead)
        {
            State.TryEndSpooling(IsSpoolRead);
        }
        else
        {
            _readCount = Math.Max(_readCount, _skipUpTo) + 1;
            var record = new DeliveryRecord(_spool[_readCount - 1].Record) { Sequence = _readCount, IsSafe = true };
            State.OnRead(record, _now);
            HandToSink(record);
        }

        State.EndDrain();
    }
}
