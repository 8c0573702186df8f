using CloudTicks.Benchmarks.Comparing.Machine;

namespace CloudTicks.Benchmarks.Latency;

/// <summary>The duration of each step of a run, and the AppHost to run.</summary>
internal sealed record LatencyPlan(TimeSpan WarmUp, TimeSpan Time, string Program)
{
    /// <summary>The length of the start of a run, which is measured separately.</summary>
    public static TimeSpan Start { get; } = TimeSpan.FromSeconds(10);
}

/// <summary>The latencies of ticks at a rate.</summary>
/// <param name="Start">The latencies of the first ten seconds.</param>
/// <param name="Steady">The latencies of the measured time, after hot code was compiled.</param>
/// <param name="Machine">The machine's figures, measured afterwards while the feed still ran.</param>
internal sealed record LatencyResult(
    int Rate, double Seconds, IReadOnlyList<HopPercentiles> Start, IReadOnlyList<HopPercentiles> Steady, MachineFigures Machine);

/// <summary>The latencies from the collector's reading of a tick to a later hop, in ms.</summary>
/// <param name="Hop">The name of the hop.</param>
internal sealed record HopPercentiles(string Hop, long Ticks, double P50Ms, double P99Ms, double P999Ms, double MaxMs)
{
    public const string Archive = "archive";
    public const string Nats = "NATS";
    public const string Row = "row";

    /// <param name="counts">The numbers of ticks by latency in ms.</param>
    /// <returns>Null if there are no ticks.</returns>
    public static HopPercentiles? Of(string hop, IEnumerable<(double Ms, long Ticks)> counts)
    {
        var ascending = counts.OrderBy(count => count.Ms).ToList();
        var total = ascending.Sum(count => count.Ticks);
        return total == 0 ? null : new HopPercentiles(
            hop, total, Percentile(0.5), Percentile(0.99), Percentile(0.999), ascending.Last(count => count.Ticks > 0).Ms);

        double Percentile(double share)
        {
            var rank = Math.Max(1, (long)Math.Ceiling(share * total));
            return ascending.First(count => (rank -= count.Ticks) <= 0).Ms;
        }
    }
}
