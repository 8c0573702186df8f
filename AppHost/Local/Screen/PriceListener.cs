using CloudTicks.Messaging;
using CloudTicks.Messaging.Nats;
using CloudTicks.Ticks;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.AppHost.Local.Screen;

/// <summary>
/// Samples live ticks for the screen, at most a thousand every half second, so that the cost does not depend on the feed's rate.
/// </summary>
internal sealed class PriceListener(NatsConnectionSettings nats, MessagingMetrics metrics, PriceBoard prices, TimeProvider time)
{
    private const int MaxMessagesPerSample = 1_000;
    private const int MaxPending = 10_000;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    private TaskCompletionSource _sampleIsFull = new();
    private int _remaining;

    public async Task ListenAsync(CancellationToken cancellationToken)
    {
        var settings = nats with { ClientName = "cloudticks table", MaxPendingMessages = MaxPending };
        await using var subscriber = new NatsSubscriber(settings, metrics, time, NullLogger<NatsSubscriber>.Instance);
        using var timer = new PeriodicTimer(PollInterval, time);
        NatsSubscription? subscription = null;
        while (true)
        {
            _sampleIsFull = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _remaining, MaxMessagesPerSample);
            subscription ??= subscriber.Subscribe(TickSubject.Everything, (_, payload) => Add(payload));
            var next = timer.WaitForNextTickAsync(cancellationToken).AsTask();
            await Task.WhenAny(_sampleIsFull.Task, next);
            if (_sampleIsFull.Task.IsCompleted)
            {
                await subscription.DisposeAsync();
                subscription = null;
            }

            await next;
        }
    }

    private void Add(ReadOnlySpan<byte> payload)
    {
        if (Volatile.Read(ref _remaining) <= 0)
        {
            return; // Messages may still arrive while the subscription ends.
        }

        prices.Add(payload);
        if (Interlocked.Decrement(ref _remaining) == 0)
        {
            _sampleIsFull.TrySetResult();
        }
    }
}
