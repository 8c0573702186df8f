using System.Globalization;

namespace CloudTicks.Benchmarks.WholePath;

/// <summary>One run of AppHost for each rate, and a line of the table for each run.</summary>
internal static class RateTable
{
    /// <summary>Goal of the performance table, row 9, in ticks/s.</summary>
    private const double Goal = 100_000;

    public static async Task<int> RunAsync(IReadOnlyList<int> rates, string time, CancellationToken cancellationToken)
    {
        Console.WriteLine($"{Environment.ProcessorCount} processors, .NET {Environment.Version}, {time} a run");
        Console.WriteLine("   asked/s  stored/s   ratio to goal      lost  row p50/p99 ms  nats p50/p99 ms  drained");
        var allOk = true;
        foreach (var rate in rates)
        {
            var run = await AppHostRun.RunAsync(rate, time, cancellationToken);
            allOk &= run.Ok;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{rate,10:N0}{run.StoredPerSecond,10:N0}{run.StoredPerSecond / Goal,16:0.00}{run.Lost,10:N0}"
                    + $"{run.RowLatency,16}{run.NatsLatency,17}{run.DrainSeconds,8:0.0} s{(run.Ok ? "" : "  NOT OK")}"));
        }

        return allOk ? 0 : 1;
    }
}
