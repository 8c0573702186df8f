using CloudTicks.Foundations;
using Microsoft.Extensions.Logging;

namespace CloudTicks.EventStream.Producing;

/// <summary>Logs outages of acknowledgements, silent hubs included, and asks a refusing hub for the reason. Thread-safe.</summary>
internal sealed class AcknowledgementWatch : IAsyncDisposable
{
    /// <summary>A slow disk is no outage.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private const string NoAnswer = "no answer";

    private readonly EventStreamConnection _connection;
    private readonly PendingRecords _pending;
    private readonly Func<long> _waitingBytes;
    private readonly Func<CancellationToken, Task<string?>> _askWhy;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _watching;
    private readonly Lock _gate = new();
    private readonly OutageLog _outage;
    private string _unreachable = NoAnswer;
    private string? _refusal;

    /// <param name="waitingBytes">How many bytes wait.</param>
    /// <param name="askWhy">Asks the hub why it takes no records; null when it does not say.</param>
    public AcknowledgementWatch(
        EventStreamConnection connection, PendingRecords pending, Func<long> waitingBytes, Func<CancellationToken, Task<string?>> askWhy,
        TimeProvider time,
        ILogger logger)
    {
        (_connection, _pending, _waitingBytes, _askWhy, _time, _logger) = (connection, pending, waitingBytes, askWhy, time, logger);
        _outage = new OutageLog(time);
        _watching = WatchAsync(new PeriodicTimer(BetweenLooks, time));
    }

    /// <summary>How long the hub has acknowledged nothing; null while it does.</summary>
    public TimeSpan? AwayFor => _outage.Duration;

    /// <summary>Why it acknowledges nothing, by its own words where it has any; null while it does.</summary>
    public string? AwayReason
    {
        get
        {
            lock (_gate)
            {
                return _outage.IsOngoing ? _refusal ?? _unreachable : null;
            }
        }
    }

    /// <summary>Whether the hub answers, and says itself why it takes no records.</summary>
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

    /// <summary>The client cannot reach the hub; that matters when something waits for it.</summary>
    public void OnUnreachable(string reason)
    {
        lock (_gate)
        {
            (_unreachable, _refusal) = (reason, null);
        }

        if (_pending.OldestSentAt() is { } oldest)
        {
            _outage.Begin(oldest);
            Log();
        }
    }

    public void OnAcknowledged()
    {
        if (!_outage.IsOngoing)
        {
            return;
        }

        lock (_gate)
        {
            (_unreachable, _refusal) = (NoAnswer, null);
        }

        if (_outage.End(out var away))
        {
            _logger.HubBack(_connection, away.TotalSeconds);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _watching;
        _stopping.Dispose();
    }

    private async Task WatchAsync(PeriodicTimer looks)
    {
        using (looks)
        {
            try
            {
                while (await looks.WaitForNextTickAsync(_stopping.Token))
                {
                    if (_pending.OldestSentAt() is not { } oldest || _time.GetElapsedTime(oldest) < Patience)
                    {
                        continue;
                    }

                    _outage.Begin(oldest);
                    var refusal = await _askWhy(_stopping.Token);
                    lock (_gate)
                    {
                        _refusal = refusal;
                    }

                    Log();
                }
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                // the producer is being disposed
            }
        }
    }

    private void Log()
    {
        var notice = _outage.Notice(out var away);
        if (notice == OutageNotice.None)
        {
            return;
        }

        string? refusal;
        string unreachable;
        lock (_gate)
        {
            (refusal, unreachable) = (_refusal, _unreachable);
        }

        if (refusal is not null)
        {
            _logger.HubRefuses(_connection, away.TotalSeconds, refusal, _pending.Count, new ByteSize(_waitingBytes()));
        }
        else if (notice == OutageNotice.First)
        {
            _logger.HubAway(_connection, unreachable, _pending.Count, new ByteSize(_waitingBytes()));
        }
        else
        {
            _logger.HubStillAway(_connection, away.TotalSeconds, unreachable, _pending.Count, new ByteSize(_waitingBytes()));
        }
    }
}
