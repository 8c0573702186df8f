using Microsoft.Extensions.Logging;

namespace CloudTicks.Messaging.Nats;

/// <summary>One subscription, which survives lost connections until it is disposed.</summary>
public sealed class NatsSubscription : IAsyncDisposable
{
    private readonly TimeSpan _drainTime;
    private readonly NatsMessageHandler _handler;
    private readonly MessagingMetrics _metrics;
    private readonly ILogger _logger;
    private readonly Action<NatsSubscription> _remove;
    private readonly Lock _gate = new();
    private ConnectionSubscription? _current;
    private long _droppedBefore;
    private long _droppedReported;
    private long _received;
    private long _failures;
    private bool _disposed;

    internal NatsSubscription(
        string subject, TimeSpan drainTime, NatsMessageHandler handler, MessagingMetrics metrics, ILogger logger,
        Action<NatsSubscription> remove)
    {
        (Subject, _drainTime) = (subject, drainTime);
        (_handler, _metrics, _logger, _remove) = (handler, metrics, logger, remove);
    }

    /// <summary>The subject, which may contain the wildcards <c>*</c> and <c>&gt;</c>.</summary>
    public string Subject { get; }

    /// <summary>The number of messages that the handler processed.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>The number of messages that the handler failed on; they are skipped.</summary>
    public long HandlerFailures => Volatile.Read(ref _failures);

    /// <summary>
    /// The number of messages dropped because <see cref="NatsConnectionSettings.MaxPendingMessages"/> or
    /// <see cref="NatsConnectionSettings.MaxPendingBytes"/> were already waiting.
    /// </summary>
    public long Dropped
    {
        get
        {
            lock (_gate)
                return _droppedBefore + (_current?.Dropped ?? 0);
        }
    }

    /// <summary>Ends the subscription after the handler has received the messages that have arrived, within about two seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        ConnectionSubscription? last;
        lock (_gate)
        {
            _disposed = true;
            last = _current;
            if (last?.Drain(_drainTime) == false)
                Detach();
        }

        if (last is not null)
            await last.Completion;
        Detach();
        _remove(this);
    }

    /// <summary>
    /// Subscribes on a new connection, which replaces the previous one. If the new one has already ended, the subscription waits for the
    /// next.
    /// </summary>
    internal void Attach(SubscriberConnection connection)
    {
        lock (_gate)
        {
            Detach();
            if (!_disposed)
                _current = connection.Subscribe(Subject, Deliver);
        }
    }

    internal void Detach()
    {
        lock (_gate)
        {
            if (_current is null)
                return;
            ReportDropped();
            _droppedBefore += _current.Dropped;
            _current.Dispose();
            _current = null;
        }
    }

    /// <summary>Counts the dropped messages, and logs the first drop.</summary>
    internal void ReportDropped()
    {
        lock (_gate)
        {
            var dropped = Dropped;
            if (dropped == _droppedReported)
                return;
            if (_droppedReported == 0)
                Log.SubscriptionProblem(_logger, Subject, "its handler is too slow, so messages are dropped and counted");
            _metrics.Dropped(dropped - _droppedReported);
            _droppedReported = dropped;
        }
    }

    private void Deliver(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> payload)
    {
        try
        {
            _handler(subject, payload);
            Volatile.Write(ref _received, _received + 1);
        }
        catch (Exception exception)
        {
            // No exception may reach the library: libnats would terminate the process.
            if (Interlocked.Increment(ref _failures) == 1)
                Log.HandlerFailed(_logger, exception, Subject);
        }
    }
}
