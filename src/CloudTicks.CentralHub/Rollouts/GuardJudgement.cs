using System.Globalization;
using CloudTicks.CentralHub.Figures;

namespace CloudTicks.CentralHub.Rollouts;

/// <summary>Whether what the services tell of themselves passes a guard's limits.</summary>
/// <param name="RefusedTicks">Ticks refused since the step; null when nobody tells.</param>
/// <param name="MissingAcks">Subscriptions without acknowledgement; likewise.</param>
/// <param name="LagRecords">Records that wait to be stored; likewise.</param>
/// <param name="FeedLatencyMs">Feed latency in ms; likewise.</param>
public sealed record GuardJudgement(double? RefusedTicks, double? MissingAcks, double? LagRecords, double? FeedLatencyMs)
{
    /// <summary>
    /// Puts the figures of all processes together: what is counted is added up; of the lag, which each sees whole, and of the latency the
    /// worst counts.
    /// </summary>
    /// <param name="followers">The figures of the processes that follow the step, by process.</param>
    /// <param name="refusedBefore">Ticks that each follower had refused before the step.</param>
    public static GuardJudgement Of(
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> followers, IEnumerable<IReadOnlyDictionary<string, double>> others,
        IReadOnlyDictionary<string, double> refusedBefore)
    {
        var refused = followers.Where(one => one.Value.ContainsKey(ServiceFigure.RefusedTicks))
            .Select(one => (double?)(one.Value[ServiceFigure.RefusedTicks] - refusedBefore.GetValueOrDefault(one.Key))).ToArray();
        return new GuardJudgement(
            refused.Length > 0 ? refused.Sum() : null, Sum(followers.Values, ServiceFigure.MissingAcks),
            Most(others, ServiceFigure.LagRecords),
            Most(followers.Values, ServiceFigure.FeedLatencyMs));
    }

    /// <summary>Why the step is to be taken back.</summary>
    /// <returns>A sentence for each limit that is passed; null when none is.</returns>
    public string? Reason(RolloutGuard guard)
    {
        string[] reasons =
        [
            .. Passed(RefusedTicks, guard.MaxRefusedTicks, "ticks were refused since it"),
            .. Passed(MissingAcks, guard.MaxMissingAcks, "subscriptions are not acknowledged"),
            .. Passed(LagRecords, guard.MaxLagRecords, "records wait to be stored"),
            .. Passed(FeedLatencyMs, guard.MaxFeedLatencyMs, "ms of feed latency"),
        ];
        return reasons.Length > 0 ? string.Join("; ", reasons) : null;
    }

    private static IEnumerable<string> Passed(double? figure, double? limit, string what)
    {
        if (figure > limit)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{figure:0.###} {what}, and at most {limit:0.###} are allowed");
        }
    }

    private static double? Sum(IEnumerable<IReadOnlyDictionary<string, double>> figures, string name) =>
        figures.Where(one => one.ContainsKey(name)).Select(one => one[name]).ToArray() is { Length: > 0 } all ? all.Sum() : null;

    private static double? Most(IEnumerable<IReadOnlyDictionary<string, double>> figures, string name) =>
        figures.Where(one => one.ContainsKey(name)).Select(one => one[name]).ToArray() is { Length: > 0 } all ? all.Max() : null;
}
