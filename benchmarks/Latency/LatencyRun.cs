using CloudTicks.Benchmarks.Comparing.Machine;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Benchmarks.Comparing.Running;
using CloudTicks.Ticks;
using Npgsql;

namespace CloudTicks.Benchmarks.Latency;

/// <summary>Runs the system at one rate and measures the latencies of its ticks, at the start and later.</summary>
internal static class LatencyRun
{
    private const int QuietPolls = 3;

    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DrainTime = TimeSpan.FromMinutes(2);

    public static async Task<LatencyResult> RunAsync(int rate, LatencyPlan plan, CancellationToken cancellationToken)
    {
        await using var system = await MeasuredSystem.StartAsync(rate, plan.Program);
        await using var nats = await NatsListener.CreateAsync(await system.WaitForNatsAsync(cancellationToken), cancellationToken);
        var received = new ReceivedTicks(TimeProvider.System);
        await using var subscription = nats.Subscriber.Subscribe(TickSubject.Everything, (_, payload) => received.Add(payload));
        await system.WhileRunningAsync(
            async token =>
            {
                await nats.Subscriber.ReadyAsync(token);
                return true;
            },
            cancellationToken);
        await system.WaitForFirstRowAsync(cancellationToken);
        var status = await system.GetAsync(system.Collector, "api/v1/status", cancellationToken);
        var firstMs = status.GetProperty("first_tick_ms").GetInt64();
        var (startEndMs, steadyMs) = (firstMs + Milliseconds(LatencyPlan.Start), firstMs + Milliseconds(plan.WarmUp));
        var endMs = steadyMs + Milliseconds(plan.Time);

        await UntilAsync(startEndMs, cancellationToken);
        var archivedAtStart = await ArchivedTicks.ReadAsync(system, cancellationToken);
        await UntilAsync(steadyMs, cancellationToken);
        var archivedBefore = await ArchivedTicks.ReadAsync(system, cancellationToken);
        await UntilAsync(endMs, cancellationToken);
        var archived = await ArchivedTicks.ReadAsync(system, cancellationToken);
        var machine = MachineFigures.Measure(system.Folder);
        await system.CloseMarketAsync(cancellationToken);
        await DrainAsync(system, received, cancellationToken);

        await using var table = NpgsqlDataSource.Create(system.Database);
        var stored = new StoredTicks(table);
        return new LatencyResult(
            rate,
            plan.Time.TotalSeconds,
            Hops(archivedAtStart.Since(null), received.Between(firstMs, startEndMs),
                await stored.BetweenAsync(firstMs, startEndMs, cancellationToken)),
            Hops(archived.Since(archivedBefore), received.Between(steadyMs, endMs),
                await stored.BetweenAsync(steadyMs, endMs, cancellationToken)),
            machine);
    }

    private static IReadOnlyList<HopPercentiles> Hops(params HopPercentiles?[] hops) => [.. hops.OfType<HopPercentiles>()];

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;

    private static Task UntilAsync(long unixMs, CancellationToken cancellationToken)
    {
        var remaining = unixMs - TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        return Task.Delay(TimeSpan.FromMilliseconds(Math.Max(0, remaining)), TimeProvider.System, cancellationToken);
    }

    /// <summary>Waits until no more ticks arrive, because the slowest ticks of the measured time arrive last.</summary>
    private static async Task DrainAsync(MeasuredSystem system, ReceivedTicks received, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(DrainTime);
        using var poll = new PeriodicTimer(PollInterval);
        var last = (Stored: -1L, Received: -1);
        try
        {
            for (var unchangedPolls = 0; unchangedPolls < QuietPolls;)
            {
                await poll.WaitForNextTickAsync(timeout.Token);
                var counts = (await system.CountStoredRowsAsync(timeout.Token), received.Count);
                unchangedPolls = counts == last ? unchangedPolls + 1 : 0;
                last = counts;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BenchmarkException(
                $"Ticks are still arriving {DrainTime.TotalMinutes:0} min after the end of the feed: the rate is too high.");
        }
    }
}
