using System.Diagnostics;

namespace CloudTicks.Benchmarks.Relaying.Feed;

/// <summary>Sends quotes at a given rate, in rounds of 10 ms as the collector does.</summary>
internal static class PacedFeed
{
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(10);

    public static async Task RunAsync(
        QuoteProducer producer, int rate, TimeSpan time, CancellationToken cancellationToken,
        Action<Task<long>, IReadOnlyList<long>>? onSent = null)
    {
        using var rounds = new PeriodicTimer(Round);
        var (started, sentBefore) = (Stopwatch.GetTimestamp(), producer.Sent);
        for (var elapsed = TimeSpan.Zero; elapsed < time; elapsed = Stopwatch.GetElapsedTime(started))
        {
            await rounds.WaitForNextTickAsync(cancellationToken);
            var dueTicks = (long)(Math.Min(Stopwatch.GetElapsedTime(started).TotalSeconds, time.TotalSeconds) * rate);
            var nowMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            await producer.SendAsync((int)(sentBefore + dueTicks - producer.Sent), nowMs, cancellationToken, onSent);
        }
    }
}
