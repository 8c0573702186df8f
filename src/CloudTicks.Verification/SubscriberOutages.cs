using CloudTicks.Messaging.Nats;

namespace CloudTicks.Verification;

/// <summary>Times without a connection: NATS does not resend messages published meanwhile.</summary>
internal sealed class SubscriberOutages : IAsyncDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>The time until the other servers of a cluster have received the subscription.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    private readonly NatsSubscriber _subscriber;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _over = new();
    private readonly Task _watching;
    private volatile bool _isDisconnected;
    private long _endedMs;

    public SubscriberOutages(NatsSubscriber subscriber, TimeProvider time)
    {
        (_subscriber, _time) = (subscriber, time);
        _watching = WatchAsync();
    }

    /// <summary>The end of the time in which messages may have been missed, Unix ms; null for an uninterrupted connection.</summary>
    public long? DisconnectedUntilMs => _isDisconnected ? NowMs : Interlocked.Read(ref _endedMs) is > 0 and var ended ? ended : null;

    private long NowMs => (_time.GetUtcNow() + Margin).ToUnixTimeMilliseconds();

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _over.Dispose();
    }

    private async Task WatchAsync()
    {
        using var polls = new PeriodicTimer(PollInterval, _time);
        var generation = _subscriber.Generation;
        while (await polls.WaitForNextTickAsync(_over.Token))
        {
            if (_subscriber.IsConnected && _subscriber.Generation == generation)
            {
                continue;
            }

            _isDisconnected = true;
            await _subscriber.ReadyAsync(_over.Token);
            generation = _subscriber.Generation;
            Interlocked.Exchange(ref _endedMs, NowMs);
            _isDisconnected = false;
        }
    }
}
