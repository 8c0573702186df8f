using System.Diagnostics;
using System.Net;
using System.Runtime.CompilerServices;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Benchmarks.Relaying.Clients;
using CloudTicks.Benchmarks.Relaying.Feed;

namespace CloudTicks.Benchmarks.Relaying.Runs;

/// <summary>Measures how fast a client that subscribes to all quotes of the last hour receives them.</summary>
internal static class CatchUpRun
{
    private const int Goal = 500_000;
    private const int Symbols = 100;

    /// <summary>
    /// The number of ticks per round, 100 for each of 32 partitions: the size of the collector's records at 100,000 ticks/s.
    /// </summary>
    private const int RoundTicks = 3_200;

    private static readonly TimeSpan Past = TimeSpan.FromHours(1);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);

    public static async IAsyncEnumerable<RelayingRow> RunAsync(
        RelayingPlan plan, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var system = await RelayedSystem.StartAsync(cancellationToken, hub => FillAsync(hub, plan.Count, cancellationToken));
        var (rates, firstRate, shares) = (new List<double>(), 0.0, new List<ProcessorShares>());
        string? failure = null;
        for (var round = -1; round < plan.Rounds; round++)
        {
            var (before, started) = (system.Processor, Stopwatch.GetTimestamp());
            var events = await CatchUpAsync(system.Relay, cancellationToken);
            var elapsed = Stopwatch.GetElapsedTime(started);
            failure ??= events == plan.Count ? null : $"A client caught up on {events:N0} ticks instead of {plan.Count:N0}.";
            if (round < 0)
            {
                firstRate = events / elapsed.TotalSeconds;
                continue;
            }

            rates.Add(events / elapsed.TotalSeconds);
            shares.Add(ProcessorShares.Between(before, system.Processor, elapsed));
        }

        yield return new RelayingRow(
            FormattableString.Invariant($"catching up on {plan.Count:N0} ticks"),
            FormattableString.Invariant($"{Median.Of(rates):N0} ticks/s ({rates.Min():N0} to {rates.Max():N0})"),
            FormattableString.Invariant($"new relay: {firstRate:N0} ticks/s"),
            FormattableString.Invariant($"{Goal:N0} ticks/s"),
            ProcessorShares.Median(shares), failure);
    }

    /// <summary>Fills the archive with ticks of the last half hour.</summary>
    private static async Task FillAsync(IPEndPoint hub, int count, CancellationToken cancellationToken)
    {
        await using var producer = new QuoteProducer(hub.ToString(), Symbols);
        var fromMs = (TimeProvider.System.GetUtcNow() - (Past / 2)).ToUnixTimeMilliseconds();
        while (producer.Sent < count)
        {
            var sentShare = (double)producer.Sent / count;
            await producer.SendAsync(
                (int)Math.Min(RoundTicks, count - producer.Sent), fromMs + (long)(sentShare * Past.TotalMilliseconds / 2),
                cancellationToken);
        }

        await producer.FlushAsync(cancellationToken);
    }

    private static async Task<long> CatchUpAsync(Uri relay, CancellationToken cancellationToken)
    {
        var hasEnded = false;
        await using var client = await CountingClient.ConnectAsync(relay, "stocks", cancellationToken, message =>
        {
            // The message may also contain events before and after the status.
            if (message.IndexOf("\"catchup_ended\""u8) >= 0)
            {
                Volatile.Write(ref hasEnded, true);
            }
        });
        var eventsBefore = client.Events;
        var sinceMs = (TimeProvider.System.GetUtcNow() - Past).ToUnixTimeMilliseconds();
        await client.SendAsync($$"""{"action":"subscribe","params":"Q.*","since":{{sinceMs}}}""", cancellationToken);
        using var poll = new PeriodicTimer(PollInterval);
        while (!Volatile.Read(ref hasEnded))
        {
            await poll.WaitForNextTickAsync(cancellationToken);
        }

        // The acknowledgement, and the statuses at the start and the end of catching up.
        const int ownStatusCount = 3;
        return client.Events - eventsBefore - ownStatusCount;
    }
}
