using System.Diagnostics;
using System.Text.Json;
using CloudTicks.Benchmarks.Comparing.Machine;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Benchmarks.Comparing.Running;
using CloudTicks.Benchmarks.Hub;

namespace CloudTicks.Benchmarks.Cost;

/// <summary>Runs the system at one rate and measures the usage of each of its processes.</summary>
internal static class CostRun
{
    private const int RateBeforeClosing = 100;
    private const string Archive = "tick_archive";
    private const int Partitions = 32;

    /// <summary>
    /// Leaves time for the last ticks to arrive and for recompilation to end: the runtime recompiles a method after thirty calls, which
    /// takes minutes if the method is called every second or two. After only 15 s, recompilation was half of the measured processor time.
    /// </summary>
    private static readonly TimeSpan WaitAfterClosing = TimeSpan.FromMinutes(3);

    public static async Task<CostResult> RunAsync(int rate, CostPlan plan, CancellationToken cancellationToken)
    {
        await using var system = await MeasuredSystem.StartAsync(rate == 0 ? RateBeforeClosing : rate, plan.Program);
        await system.WaitForFirstRowAsync(cancellationToken);
        await Task.Delay(plan.WarmUp, TimeProvider.System, cancellationToken);
        if (rate == 0)
        {
            await system.CloseMarketAsync(cancellationToken);
            await Task.Delay(WaitAfterClosing, TimeProvider.System, cancellationToken);
        }

        using var hub = new WireClient(system.EventHub);
        var archivedBytes = hub.BytesOf(Archive, Partitions);
        var storedRows = await system.CountStoredRowsAsync(cancellationToken);
        var before = ProcessGroup.StartedBy(system.Pid).ToDictionary(group => group.Name, group => group.Read());
        var started = Stopwatch.GetTimestamp();
        await Task.Delay(plan.Time, TimeProvider.System, cancellationToken);
        var groups = ProcessGroup.StartedBy(system.Pid);
        var after = groups.ToDictionary(group => group.Name, group => group.Read());
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        storedRows = await system.CountStoredRowsAsync(cancellationToken) - storedRows;
        archivedBytes = hub.BytesOf(Archive, Partitions) - archivedBytes;
        var page = await system.GetAsync(system.Dashboard, "api/page/pipeline?once=true", cancellationToken);

        if (before.Keys.Except(after.Keys).FirstOrDefault() is { } missing)
        {
            throw new BenchmarkException($"The {missing} exited during the measurement.");
        }

        var calls = await Task.WhenAll(groups.Select(group => SystemCallCount.CountAsync(group.Pids, plan.Calls, cancellationToken)));
        var costs = groups.Zip(calls, (group, rates) => Cost(group, before[group.Name], after[group.Name], seconds, storedRows) with
        {
            SystemCalls = rates,
        }).ToList();
        return new CostResult(
            rate, seconds, storedRows, storedRows > 0 ? (double)archivedBytes / storedRows : null, costs,
            page.GetProperty("latency").Deserialize<List<HopTime>>(JsonReport.SerializerOptions)!,
            MachineFigures.Measure(system.Folder));
    }

    private static ProcessCost Cost(ProcessGroup group, ProcessReading before, ProcessReading after, double seconds, long storedRows)
    {
        var processorSeconds = after.ProcessorSeconds - before.ProcessorSeconds;
        return new ProcessCost(
            group.Name, group.IsOwn, processorSeconds / seconds * 100, storedRows > 0 ? processorSeconds * 1e6 / storedRows : null,
            Math.Max(0, after.Switches - before.Switches) / seconds, after.ResidentBytes / 1e6);
    }
}
