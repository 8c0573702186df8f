using System.Globalization;
using CloudTicks.CentralHub.Figures;

namespace CloudTicks.CentralHub.Rollouts;

/// <summary>Compares the figures of services with a guard's limits.</summary>
/// <param name="RefusedTicks">Ticks refused since the step; null when no process reports them.</param>
/// <param name="MissingAcks">Subscriptions without acknowledgement; null when no process reports them.</param>
/// <param name="LagRecords">Records that wait to be stored; null when no process reports them.</param>
/// <param name="FeedLatencyMs">Feed latency in ms; null when no process reports it.</param>
public sealed record GuardEvaluation(double? RefusedTicks, double? MissingAcks, double? LagRecords, double? FeedLatencyMs)
{
    /// <summary>
    /// Combines the figures of all processes: sums the counts, and uses the maximum of lag and latency, because each process reports the
    /// whole lag.
    /// </summary>
    /// <param name="followers">Figures of the processes that follow the step's version, by process.</param>
    /// <param name="others">Figures of the processes of other services, which report the lag.</param>
    /// <param name="refusedBefore">Ticks refused before the step, by process.</param>
    public static GuardEvaluation Of(
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> followers, IEnumerable<IReadOnlyDictionary<string, double>> others,
        IReadOnlyDictionary<string, double> refusedBefore)
    {
        var refusedTicks = followers.Where(process => process.Value.ContainsKey(ServiceFigure.RefusedTicks))
            .Select(process => (double?)(process.Value[ServiceFigure.RefusedTicks] - refusedBefore.GetValueOrDefault(process.Key)))
            .ToArray();
        return new GuardEvaluation(
            refusedTicks.Length > 0 ? refusedTicks.Sum() : null, Sum(followers.Values, ServiceFigure.MissingAcks),
            Max(others, ServiceFigure.LagRecords),
            Max(followers.Values, ServiceFigure.FeedLatencyMs));
    }

    /// <summary>Explains why the step must be rolled back.</summary>
    /// <returns>A clause for each exceeded limit; null if there is none.</returns>
    public string? Reason(RolloutGuard guard)
    {
        string[] reasons =
        [
            .. Exceeded(RefusedTicks, guard.MaxRefusedTicks, "ticks were refused since then"),
            .. Exceeded(MissingAcks, guard.MaxMissingAcks, "subscriptions are not acknowledged"),
            .. Exceeded(LagRecords, guard.MaxLagRecords, "records are waiting to be stored"),
            .. Exceeded(FeedLatencyMs, guard.MaxFeedLatencyMs, "ms of feed latency"),
        ];
        return reasons.Length > 0 ? string.Join("; ", reasons) : null;
    }

    private static IEnumerable<string> Exceeded(double? figure, double? limit, string what)
    {
        if (figure > limit)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{figure:0.###} {what}, and at most {limit:0.###} are allowed");
        }
    }

    private static double? Sum(IEnumerable<IReadOnlyDictionary<string, double>> figures, string name) =>
        figures.Where(process => process.ContainsKey(name)).Select(process => process[name]).ToArray() is { Length: > 0 } all
            ? all.Sum() : null;

    private static double? Max(IEnumerable<IReadOnlyDictionary<string, double>> figures, string name) =>
        figures.Where(process => process.ContainsKey(name)).Select(process => process[name]).ToArray() is { Length: > 0 } all
            ? all.Max() : null;
}
