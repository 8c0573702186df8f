using System.Diagnostics;
using CloudTicks.Benchmarks.Comparing.Machine;
using CloudTicks.Benchmarks.Comparing.Rounds;

namespace CloudTicks.Benchmarks.Cost;

/// <summary>Runs the system at one rate and reads what each of its processes takes.</summary>
internal static class CostRun
{
    private const int RateBeforeClosing = 100;

    /// <summary>What was still on its way when the market closed has arrived, and what waits for quiet has begun.</summary>
    private static readonly TimeSpan AfterClosing = TimeSpan.FromSeconds(15);

    public static async Task<CostResult> RunAsync(int rate, CostPlan plan, CancellationToken cancellationToken)
    {
        await using var system = await MeasuredSystem.StartAsync(rate == 0 ? RateBeforeClosing : rate, plan.Program, cancellationToken);
        await Task.Delay(plan.Warm, TimeProvider.System, cancellationToken);
        if (rate == 0)
        {
            await system.CloseMarketAsync(cancellationToken);
            await Task.Delay(AfterClosing, TimeProvider.System, cancellationToken);
        }

        var stored = await system.StoredAsync(cancellationToken);
        var before = ProcessGroup.Under(system.Pid).ToDictionary(group => group.Name, group => group.Read());
        var started = Stopwatch.GetTimestamp();
        await Task.Delay(plan.Time, TimeProvider.System, cancellationToken);
        var groups = ProcessGroup.Under(system.Pid);
        var after = groups.ToDictionary(group => group.Name, group => group.Read());
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        stored = await system.StoredAsync(cancellationToken) - stored;
        var latency = await system.LatencyAsync(cancellationToken);

        if (before.Keys.Except(after.Keys).FirstOrDefault() is { } missing)
        {
            throw new BenchmarkException($"The {missing} has ended while it was measured.");
        }

        var calls = await Task.WhenAll(groups.Select(group => SystemCallCount.TakeAsync(group.Pids, plan.Calls, cancellationToken)));
        var costs = groups.Zip(calls, (group, rates) => Cost(group.Name, before[group.Name], after[group.Name], seconds, stored) with
        {
            SystemCalls = rates,
        }).ToList();
        var own = groups.Where(group => group.IsOwn).Select(group => group.Name).ToHashSet();
        return new CostResult(
            rate, seconds, stored, costs.Where(cost => own.Contains(cost.Name)).Sum(cost => cost.ProcessorPercent), costs, latency,
            MachineFigures.Measure(system.Folder));
    }

    private static ProcessCost Cost(string name, ProcessReading before, ProcessReading after, double seconds, long stored)
    {
        var processor = after.ProcessorSeconds - before.ProcessorSeconds;
        return new ProcessCost(
            name, processor / seconds * 100, stored > 0 ? processor * 1e6 / stored : null,
            Math.Max(0, after.Switches - before.Switches) / seconds, after.ResidentBytes / 1e6);
    }
}
