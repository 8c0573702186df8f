using CloudTicks.Foundations;
using Microsoft.Extensions.Logging;

namespace CloudTicks.EventStream.Producing;

/// <summary>Logs outages of acknowledgements, and queries the reason from an event hub that rejects records. Thread-safe.</summary>
internal sealed class AcknowledgementWatch : IAsyncDisposable
{
    /// <summary>The minimum delay of an acknowledgement that counts as an outage; a shorter delay is attributed to a slow disk.</summary>
    private static readonly TimeSpan OutageThreshold = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);

    private const string NoResponse = "no answer";

    private readonly EventStreamConnection _connection;
    private readonly PendingRecords _pending;
    private readonly Func<long> _waitingBytes;
    private readonly Func<CancellationToken, Task<string?>> _queryReason;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _watching;
    private readonly Lock _gate = new();
    private readonly OutageLog _outage;
    private string _unreachableReason = NoResponse;
    private string? _refusal;

    /// <param name="waitingBytes">Returns the number of waiting bytes.</param>
    /// <param name="queryReason">Queries why the event hub rejects records; null when it reports no reason.</param>
    public AcknowledgementWatch(
        EventStreamConnection connection, PendingRecords pending, Func<long> waitingBytes,
        Func<CancellationToken, Task<string?>> queryReason,
        TimeProvider time,
        ILogger logger)
    {
        (_connection, _pending, _waitingBytes, _queryReason, _time, _logger) =
            (connection, pending, waitingBytes, queryReason, time, logger);
        _outage = new OutageLog(time);
        _watching = WatchAsync(new PeriodicTimer(CheckInterval, time));
    }

    /// <summary>The time without acknowledgements; null without an outage.</summary>
    public TimeSpan? OutageDuration => _outage.Duration;

    /// <summary>Why acknowledgements are missing, according to the event hub if it reports a reason; null without an outage.</summary>
    public string? OutageReason
    {
        get
        {
            lock (_gate)
            {
                return _outage.IsOngoing ? _refusal ?? _unreachableReason : null;
            }
        }
    }

    /// <summary>True when the event hub responds and reports why it rejects records.</summary>
    public bool IsRefused
    {
        get
        {
            lock (_gate)
            {
                return _outage.IsOngoing && _refusal is not null;
            }
        }
    }

    /// <summary>Notes that the client cannot reach the event hub. An outage begins if records are waiting.</summary>
    public void OnUnreachable(string reason)
    {
        lock (_gate)
        {
            (_unreachableReason, _refusal) = (reason, null);
        }

        if (_pending.OldestSentAt() is { } oldest)
        {
            Begin(oldest);
            Log();
        }
    }

    /// <summary>Ends the outage. The caller has already removed the acknowledged record from the pending records.</summary>
    public void OnAcknowledged()
    {
        if (!_outage.IsOngoing)
        {
            return;
        }

        lock (_gate)
        {
            (_unreachableReason, _refusal) = (NoResponse, null);
        }

        if (_outage.End(out var duration))
        {
            _logger.HubRecovered(_connection, duration.TotalSeconds);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _watching;
        _stopping.Dispose();
    }

    private void Begin(long oldest)
    {
        if (_outage.IsOngoing)
        {
            return;
        }

        _outage.Begin(oldest);
        if (_pending.OldestSentAt() is null)
        {
            OnAcknowledged(); // the last record was acknowledged just before the outage began, and no later one would end it
        }
    }

    private async Task WatchAsync(PeriodicTimer timer)
    {
        using (timer)
        {
            try
            {
                while (await timer.WaitForNextTickAsync(_stopping.Token))
                {
                    if (_pending.OldestSentAt() is not { } oldest || _time.GetElapsedTime(oldest) < OutageThreshold)
                    {
                        continue;
                    }

                    Begin(oldest);
                    var refusal = await _queryReason(_stopping.Token);
                    lock (_gate)
                    {
                        _refusal = refusal;
                    }

                    Log();
                }
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                // The producer is being disposed.
            }
        }
    }

    private void Log()
    {
        var notice = _outage.Notice(out var duration);
        if (notice == OutageNotice.None)
        {
            return;
        }

        string? refusal;
        string unreachable;
        lock (_gate)
        {
            (refusal, unreachable) = (_refusal, _unreachableReason);
        }

        if (refusal is not null)
        {
            _logger.HubRejects(_connection, duration.TotalSeconds, refusal, _pending.Count, new ByteSize(_waitingBytes()));
        }
        else if (notice == OutageNotice.First)
        {
            _logger.HubUnavailable(_connection, unreachable, _pending.Count, new ByteSize(_waitingBytes()));
        }
        else
        {
            _logger.HubStillUnavailable(_connection, duration.TotalSeconds, unreachable, _pending.Count, new ByteSize(_waitingBytes()));
        }
    }
}
