using CloudTicks.Messaging;
using CloudTicks.Messaging.Nats;
using CloudTicks.Ticks;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.AppHost.Local.Screen;

/// <summary>
/// Samples live ticks for the screen, at most a thousand every half second, to keep its cost independent of the feed's rate.
/// </summary>
internal sealed class PriceListener(NatsConnectionSettings nats, MessagingMetrics metrics, PriceBoard prices, TimeProvider time)
{
    private const int MaxMessagesPerSample = 1_000;
    private const int MaxPending = 10_000;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    private TaskCompletionSource _enough = new();
    private int _remaining;

    public async Task ListenAsync(CancellationToken cancellationToken)
    {
        var settings = nats with { ClientName = "cloudticks table", MaxPendingMessages = MaxPending };
        await using var subscriber = new NatsSubscriber(settings, metrics, time, NullLogger<NatsSubscriber>.Instance);
        using var timer = new PeriodicTimer(PollInterval, time);
        NatsSubscription? subscription = null;
        while (true)
        {
            _enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _remaining, MaxMessagesPerSample);
            subscription ??= subscriber.Subscribe(TickSubject.Everything, (_, payload) => Take(payload));
            var next = timer.WaitForNextTickAsync(cancellationToken).AsTask();
            await Task.WhenAny(_enough.Task, next);
            if (_enough.Task.IsCompleted)
            {
                await subscription.DisposeAsync();
                subscription = null;
            }

            await next;
        }
    }

    private void Take(ReadOnlySpan<byte> payload)
    {
        if (Volatile.Read(ref _remaining) <= 0)
        {
            return; // The message is already being delivered after unsubscribing.
        }

        prices.Take(payload);
        if (Interlocked.Decrement(ref _remaining) == 0)
        {
            _enough.TrySetResult();
        }
    }
}
