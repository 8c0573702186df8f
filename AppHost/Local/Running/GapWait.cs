using CloudTicks.AppHost.Local.Lines;
using CloudTicks.Ticks.Status;
using CloudTicks.Verification;

namespace CloudTicks.AppHost.Local.Running;

/// <summary>Waits for a limited time until the run's gaps are filled: a restarted collector soon fetches what it missed.</summary>
internal sealed class GapWait(FeedClient feed, LocalEnvironment environment)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Maximum time without progress. With a delayed Polygon plan, history becomes available later than this; the run does not wait for it.
    /// </summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    /// <summary>A recorded gap may begin this long before the first tick that may be missing.</summary>
    private const long MarginMs = 2_000;

    /// <summary>A gap that began before the run counts as the pause before the run, unless it extends this far into the run.</summary>
    private const long MaxPauseOverlapMs = 10_000;

    /// <param name="beganMs">The time of the first tick, Unix ms.</param>
    /// <param name="endedMs">The time at which the feed ended, Unix ms.</param>
    public async Task<IReadOnlyList<RunGap>> RunAsync(long beganMs, long endedMs, CancellationToken cancellationToken)
    {
        IReadOnlyList<RunGap> gaps = [];
        var (last, since, reportedAt) = ((-1, -1L), environment.Time.GetTimestamp(), (long?)null);
        while (true)
        {
            var isReady = await IsReadyAsync(cancellationToken);
            if (isReady && await feed.TryGapsAsync(beganMs - MarginMs, endedMs, cancellationToken) is { } response)
            {
                gaps = [.. response.Where(gap => IsOfRun(gap, beganMs))];
            }
            else
            {
                isReady = false;
            }

            var pending = gaps.Count(gap => gap.IsPending);
            if (isReady && pending == 0)
            {
                return gaps;
            }

            var progress = (pending, gaps.Sum(gap => gap.Recovered));
            if (progress != last)
            {
                (last, since) = (progress, environment.Time.GetTimestamp());
            }
            else if (environment.Time.GetElapsedTime(since) >= MaxWait)
            {
                environment.Lines.Write("run", LineLevel.Warning, isReady
                    ? $"{DescribeOpenGaps(gaps)}: no tick was recovered for {MaxWait.TotalSeconds:0} s, so the run stops waiting"
                    : $"a collector has not answered or has had no session for {MaxWait.TotalSeconds:0} s: the run stops waiting, and "
                        + "may miss gaps");
                return gaps;
            }

            if (reportedAt is not { } reported || environment.Time.GetElapsedTime(reported) > ReportInterval)
            {
                reportedAt = environment.Time.GetTimestamp();
                environment.Lines.Write("run", isReady
                    ? $"{DescribeOpenGaps(gaps)}: waiting for the backfill, at most {MaxWait.TotalSeconds:0} s without progress"
                    : $"a collector does not answer or has no session: waiting for it, at most {MaxWait.TotalSeconds:0} s");
            }

            await Task.Delay(PollInterval, environment.Time, cancellationToken);
        }
    }

    /// <summary>
    /// Whether every collector has recorded the gap that precedes its start. A collector records this gap when its sessions open. If
    /// collectors share symbols, every connection must also be assigned, because an unassigned connection has no session yet.
    /// </summary>
    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        var collectors = await feed.TryEachCollectorAsync(cancellationToken);
        var replicas = collectors.Select(collector => collector?.Replica).OfType<ReplicaStatus>().ToList();
        var heldConnections = replicas.SelectMany(replica => replica.Connections).Distinct().Count();
        return collectors.All(collector => collector is { Connected.Count: > 0 }
                && collector.Connected.All(market => market.Value || collector.Refused.ContainsKey(market.Key)))
            && replicas.All(replica => replica.State == "joined" && replica.Shared > 0 && replica.Shared <= heldConnections);
    }

    /// <summary>
    /// Whether a gap belongs to the run. Earlier gaps cannot be filled: the simulator has no history from before its start.
    /// </summary>
    private static bool IsOfRun(RunGap gap, long beganMs) => (gap.ToMs ?? long.MaxValue) is var to
        && to >= beganMs && (gap.FromMs >= beganMs - MarginMs || to > beganMs + MaxPauseOverlapMs);

    private static string DescribeOpenGaps(IReadOnlyList<RunGap> gaps)
    {
        var openGaps = gaps.Where(gap => gap.IsPending).ToList();
        return openGaps.Count == 0 ? "no gap is open" : openGaps.Count == 1 ? $"1 gap is open, {openGaps[0]}"
            : $"{openGaps.Count} gaps are open, the first {openGaps[0]}";
    }
}
