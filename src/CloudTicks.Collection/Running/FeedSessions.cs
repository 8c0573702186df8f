using CloudTicks.Collection.Feeds;
using CloudTicks.Collection.Gaps;
using CloudTicks.Collection.Liveness;
using CloudTicks.Collection.Replicas;
using CloudTicks.Collection.Storage;
using CloudTicks.Collection.Subscriptions;
using CloudTicks.EventStream;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Running;

/// <summary>Runs the sessions of all markets, their subscriptions, and the group of collectors that share the connections.</summary>
internal sealed class FeedSessions(
    MarketFeeds feeds, WantedChannels wanted, StaleSymbols stale, GapService gaps, LearntLimitsFile limits, EventStreamConnection hub,
    TimeProvider time, ILoggerFactory loggers)
{
    private volatile ReplicaGroup? _group;

    /// <summary>The group of collectors that share the symbols; null without a group, and before it is created.</summary>
    public ReplicaGroup? Group => _group;

    /// <summary>Routes changes in coverage and selection to the gap service.</summary>
    public void ReportChangesToGaps()
    {
        feeds.OnCoverage = gaps.OnCoverage;
        wanted.OnChange = gaps.SetWanted;
    }

    /// <summary>Runs the sessions until stopped, or until one of the parts ends; then all of them stop.</summary>
    public async Task RunAsync(CollectorOptions options, DataFolder folder, int partitions, CancellationToken stopping)
    {
        using var runEnd = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var sharing = ShareAsync(options, folder, partitions, runEnd.Token);
        limits.Open(folder.Path, folder.Disk);
        Task[] loops = [sharing, feeds.RunAsync(runEnd.Token), stale.RunAsync(runEnd.Token), wanted.RunAsync(runEnd.Token)];
        await Task.WhenAny(loops);
        await runEnd.CancelAsync();
        await Task.WhenAll(loops);
    }

    /// <summary>Shares the connections with other collectors; without a group, only waits for the stop.</summary>
    private async Task ShareAsync(CollectorOptions options, DataFolder folder, int partitions, CancellationToken stopping)
    {
        if (options.Group is not { Length: > 0 })
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        var group = new ReplicaGroup(options, folder.Path, hub, feeds, gaps, partitions, time, loggers);
        (_group, wanted.OnChange) = (group, group.OnSelection);
        await group.RunAsync(stopping);
    }
}
