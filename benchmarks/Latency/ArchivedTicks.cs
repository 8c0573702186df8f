using System.Net;
using CloudTicks.Benchmarks.Comparing.Running;

namespace CloudTicks.Benchmarks.Latency;

/// <summary>The collector's counts of acknowledged ticks since its start, by latency.</summary>
internal sealed class ArchivedTicks
{
    private readonly Dictionary<double, long> _counts;

    private ArchivedTicks(Dictionary<double, long> counts) => _counts = counts;

    /// <summary>Reads the counts; empty for an earlier version of the collector, which does not provide them.</summary>
    public static async Task<ArchivedTicks> ReadAsync(MeasuredSystem system, CancellationToken cancellationToken)
    {
        try
        {
            var response = await system.GetAsync(system.Collector, "api/v1/latency", cancellationToken);
            return new ArchivedTicks(response.GetProperty("receive_to_archive").EnumerateArray().ToDictionary(
                step => step.GetProperty("up_to_ms").GetDouble(), step => step.GetProperty("ticks").GetInt64()));
        }
        catch (HttpRequestException problem) when (problem.StatusCode == HttpStatusCode.NotFound)
        {
            return new ArchivedTicks([]);
        }
    }

    /// <summary>The percentiles of the ticks acknowledged since an earlier reading, or since the start.</summary>
    public HopPercentiles? Since(ArchivedTicks? earlier) => HopPercentiles.Of(
        HopPercentiles.Archive,
        _counts.Select(step => (step.Key, step.Value - (earlier?._counts.GetValueOrDefault(step.Key) ?? 0))));
}
