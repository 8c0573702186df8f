using System.Diagnostics;
using System.Runtime.CompilerServices;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Benchmarks.Relaying.Feed;

namespace CloudTicks.Benchmarks.Relaying.Runs;

/// <summary>Measures what the relay sends to many clients: at a fixed rate, and at full speed compared with plain sockets.</summary>
internal static class FanOutRun
{
    private const string SameMessages = "bare sockets, the same messages";
    private const string PacedMessages = "bare sockets, messages of the fixed rate";
    private const double Good = 0.3;
    private const double Goal = 0.6;

    private const int PassTicks = 400_000;

    /// <summary>The maximum number of ticks in flight to the clients. The relay sends this many in 0.1 to 0.2 s.</summary>
    private const int InFlight = 20_000;
    private const int RoundTicks = 2_000;

    /// <summary>The maximum number of recorded messages that the sockets write to each reader in a pass.</summary>
    private const int MaxPacedMessages = 2_000;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(1);

    public static async IAsyncEnumerable<RelayingRow> RunAsync(
        RelayingPlan plan, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var system = await RelayedSystem.StartAsync(cancellationToken);
        await using var producer = new QuoteProducer(system.Hub.ToString(), FanOutClients.Symbols);
        await using var clients = await FanOutClients.ConnectAsync(system.Relay, plan.Clients, producer, cancellationToken);
        yield return await PacedAsync(system, producer, clients, plan, cancellationToken);
        yield return await SaturatedAsync(system, producer, clients, plan, cancellationToken);
    }

    private static async Task<RelayingRow> PacedAsync(
        RelayedSystem system, QuoteProducer producer, FanOutClients clients, RelayingPlan plan, CancellationToken cancellationToken)
    {
        await PacedFeed.RunAsync(producer, plan.Rate, RelayingPlan.WarmUp, cancellationToken);
        clients.Recorded.IsRecording = true;
        var (processor, started) = (system.Processor, Stopwatch.GetTimestamp());
        var (events, bytes, messages) = (clients.Events, clients.Bytes, clients.Messages);
        await PacedFeed.RunAsync(producer, plan.Rate, plan.Time, cancellationToken);
        var elapsed = Stopwatch.GetElapsedTime(started);
        (events, bytes, messages) = (clients.Events - events, clients.Bytes - bytes, clients.Messages - messages);
        var shares = ProcessorShares.Between(processor, system.Processor, elapsed);
        var behind = (producer.Sent * clients.Receivers) - clients.Events;
        await clients.WaitForEventsAsync(producer.Sent * clients.Receivers, cancellationToken);
        clients.Recorded.IsRecording = false;
        var perSecond = events / elapsed.TotalSeconds;
        return new RelayingRow(
            FormattableString.Invariant(
                $"{plan.Clients} clients, {plan.Rate:N0} ticks/s"),
            FormattableString.Invariant($"{perSecond:N0} events/s, {bytes / elapsed.TotalSeconds / 1e6:N0} MB/s"),
            FormattableString.Invariant(
                $"{messages / elapsed.TotalSeconds:N0} messages/s; {1000.0 * behind / Math.Max(1, perSecond):N0} ms behind at the end"),
            FormattableString.Invariant($"{plan.Rate * clients.Receivers:N0} events/s"), shares, clients.Fault(producer.Sent));
    }

    private static async Task<RelayingRow> SaturatedAsync(
        RelayedSystem system, QuoteProducer producer, FanOutClients clients, RelayingPlan plan, CancellationToken cancellationToken)
    {
        await using var sockets = await LoopbackSide.ConnectAsync(plan.Clients, cancellationToken);
        var paced = clients.Recorded.Messages.TakeLast(MaxPacedMessages).ToList();
        var processor = new List<ProcessorShares>();
        var ours = new Side("ours", async token =>
        {
            clients.Recorded.Clear();
            clients.Recorded.IsRecording = true;
            var before = system.Processor;
            var pass = await PassAsync(producer, clients, token);
            clients.Recorded.IsRecording = false;
            processor.Add(ProcessorShares.Between(before, system.Processor, pass.Elapsed));
            return pass;
        });
        // The first pass records the messages that the sockets write in the warm-up round.
        await ours.RunAsync(cancellationToken);
        processor.Clear();
        var result = await new Comparison(
            "fan-out",
            [
                ours, new Side(SameMessages, token => sockets.RunAsync(clients.Recorded.Messages, token)),
                new Side(PacedMessages, token => sockets.RunAsync(paced, token)),
            ],
            [new Target(SameMessages, Good, Goal), new Target(PacedMessages, Good, Goal)]).RunAsync(plan.Rounds, "", cancellationToken);
        return new RelayingRow(
            FormattableString.Invariant($"{plan.Clients} clients, full speed"),
            FormattableString.Invariant($"{result.Sides[0].TicksPerSecond:N0} events/s"),
            $"{Ratio(result.Ratios[0])} at {Kilobytes(clients.Recorded.Messages)}, "
                + $"{Ratio(result.Ratios[1])} at {Kilobytes(paced)}",
            FormattableString.Invariant($"ratio {Goal}"), ProcessorShares.Median(processor),
            clients.Fault(producer.Sent));
    }

    private static string Ratio(RatioResult ratio) =>
        FormattableString.Invariant($"{ratio.Ratio:0.00} ({ratio.Lowest:0.00} to {ratio.Highest:0.00})");

    private static string Kilobytes(IReadOnlyList<byte[]> messages) => FormattableString.Invariant(
        $"{(messages.Count == 0 ? 0 : messages.Average(message => message.Length) / 1024):0.0} KiB");

    private static async Task<Pass> PassAsync(QuoteProducer producer, FanOutClients clients, CancellationToken cancellationToken)
    {
        var end = producer.Sent + PassTicks;
        using var poll = new PeriodicTimer(PollInterval);
        var started = Stopwatch.GetTimestamp();
        while (producer.Sent < end)
        {
            var room = InFlight - (producer.Sent - (clients.Events / clients.Receivers));
            if (room >= RoundTicks)
            {
                var nowMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
                await producer.SendAsync(RoundTicks, nowMs, cancellationToken);
            }
            else
            {
                await poll.WaitForNextTickAsync(cancellationToken);
            }
        }

        return await clients.WaitForEventsAsync(producer.Sent * clients.Receivers, cancellationToken)
            ? new Pass((long)PassTicks * clients.Receivers, Stopwatch.GetElapsedTime(started))
            : throw new BenchmarkException($"Events are missing. {clients.Fault(producer.Sent)}");
    }
}
