using CloudTicks.Messaging.Nats;

namespace CloudTicks.Verification;

/// <summary>Records when the last outage of a NATS subscriber ended, because NATS does not resend what was published during it.</summary>
internal sealed class SubscriberOutages : IAsyncDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>The maximum time until the other servers of a cluster have received the subscription.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    private readonly NatsSubscriber _subscriber;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _watching;
    private volatile bool _isDisconnected;
    private long _endedMs;

    public SubscriberOutages(NatsSubscriber subscriber, TimeProvider time)
    {
        (_subscriber, _time) = (subscriber, time);
        _watching = WatchAsync();
    }

    /// <summary>The end of the last period in which messages may have been missed, Unix ms; null if the connection never broke.</summary>
    public long? DisconnectedUntilMs => _isDisconnected ? EndMs : Interlocked.Read(ref _endedMs) is > 0 and var ended ? ended : null;

    private long EndMs => (_time.GetUtcNow() + Margin).ToUnixTimeMilliseconds();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(PollInterval, _time);
        var generation = _subscriber.Generation;
        while (await timer.WaitForNextTickAsync(_stopping.Token))
        {
            if (_subscriber.IsConnected && _subscriber.Generation == generation)
            {
                continue;
            }

            _isDisconnected = true;
            await _subscriber.ReadyAsync(_stopping.Token);
            generation = _subscriber.Generation;
            Interlocked.Exchange(ref _endedMs, EndMs);
            _isDisconnected = false;
        }
    }
}
