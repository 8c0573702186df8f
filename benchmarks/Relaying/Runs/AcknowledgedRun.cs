using System.Diagnostics;
using System.Runtime.CompilerServices;
using CloudTicks.Benchmarks.Comparing.Machine;
using CloudTicks.Benchmarks.Relaying.Clients;
using CloudTicks.Benchmarks.Relaying.Feed;

namespace CloudTicks.Benchmarks.Relaying.Runs;

/// <summary>
/// Measures the relay's own latency: from the producer's acknowledgement until the client has read the event, both in this process.
/// </summary>
internal static class AcknowledgedRun
{
    private const int Rate = 5_000;
    private const int Symbols = 100;

    public static async IAsyncEnumerable<RelayingRow> RunAsync(
        RelayingPlan plan, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var system = await RelayedSystem.StartAsync(cancellationToken);
        await using var producer = new QuoteProducer(system.Hub.ToString(), Symbols);
        var ticks = (int)((plan.Time + RelayingPlan.WarmUp).TotalSeconds * Rate);
        var (acknowledged, received) = (new long[ticks + 1], new long[ticks + 1]);
        await using var client = await CountingClient.ConnectAsync(
            system.Relay, "stocks", cancellationToken, message => Receive(message, received));
        await client.SubscribeAsync(["Q.*"], cancellationToken);
        var eventsBeforeFeed = client.Events;

        void OnSent(Task<long> sent, IReadOnlyList<long> numbers) => _ = RecordAsync(sent, numbers, acknowledged);
        await PacedFeed.RunAsync(producer, Rate, RelayingPlan.WarmUp, cancellationToken, OnSent);
        var (processor, started, warmUpTicks) = (system.Processor, Stopwatch.GetTimestamp(), producer.Sent);
        await PacedFeed.RunAsync(producer, Rate, plan.Time, cancellationToken, OnSent);
        var shares = ProcessorShares.Between(processor, system.Processor, Stopwatch.GetElapsedTime(started));
        var machine = MachineFigures.Measure(system.Folder);
        await producer.FlushAsync(cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellationToken);

        var latencies = new Latencies();
        for (var number = warmUpTicks; number < producer.Sent; number++)
        {
            if (acknowledged[number] > 0 && received[number] > 0)
            {
                latencies.Add(Stopwatch.GetElapsedTime(acknowledged[number], received[number]).TotalMilliseconds);
            }
        }

        var missing = producer.Sent - (client.Events - eventsBeforeFeed);
        yield return latencies.ToRow(
            FormattableString.Invariant($"{Rate:N0} ticks/s, from the acknowledgement"), "p99 5 ms", machine,
            shares, missing == 0 ? null : $"The client did not receive {missing} ticks.");
    }

    private static async Task RecordAsync(Task<long> sent, IReadOnlyList<long> numbers, long[] acknowledged)
    {
        await sent;
        var now = Stopwatch.GetTimestamp();
        foreach (var number in numbers)
        {
            acknowledged[number] = now;
        }
    }

    private static void Receive(ReadOnlySpan<byte> message, long[] received)
    {
        var now = Stopwatch.GetTimestamp();
        Sequences.Read(message, (_, number) => received[number] = now);
    }
}
