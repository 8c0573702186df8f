using CloudTicks.Collection.Counters;
using CloudTicks.Collection.Feeds;
using CloudTicks.Polygon.Hours;
using CloudTicks.Polygon.Sessions;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Liveness;

/// <summary>
/// Detects subscribed channels that fall silent during market hours although they ticked before in the same market session, and restarts
/// their connection once. A channel that stays silent is then logged once, and listed as stale until it ticks again. Silence does not count
/// while frames wait to be decoded, nor across a pause of this process or a clock step.
/// </summary>
internal sealed class StaleSymbols(
    IWatchedFeeds feeds, CollectorCounters counters, MarketHours hours, FrameQueue frames, LivenessMetrics metrics, TimeProvider time,
    ILogger<StaleSymbols> logger)
{
    private const long MaxQueuedBytes = 1 << 20;
    private const int MaxNames = 20;

    public static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Maximum time between two checks, by the monotonic clock and by the wall clock. A longer time means that the process paused or the
    /// wall clock was set.
    /// </summary>
    private static readonly TimeSpan MaxCheckGap = TimeSpan.FromSeconds(3);

    /// <summary>A connection is restarted only if the server's market status is at most this old.</summary>
    private static readonly TimeSpan MaxStatusAge = TimeSpan.FromSeconds(30);

    private readonly Dictionary<FeedChannel, MonitoredChannel> _channels = [];
    private volatile IReadOnlyList<string> _reported = [];
    private long _steadySinceMs;
    private long _checkedAtMs;
    private long _checkedTimestamp;

    public IReadOnlyList<string> Reported => _reported;

    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(PollInterval, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stopping.IsCancellationRequested)
            {
                Check();
            }
        }
    }

    public void Check()
    {
        var now = time.GetUtcNow();
        var nowMs = now.ToUnixTimeMilliseconds();
        if (!IsSteady(nowMs))
        {
            return;
        }

        var subscribed = feeds.Subscribed();
        Forget(subscribed);
        var (stale, stillStale, tickingAgain) = (new List<FeedChannel>(), new List<FeedChannel>(), new List<FeedChannel>());
        foreach (var (channel, coveredMs) in subscribed)
        {
            var session = hours.SessionOf(channel.Symbol, now);
            if (session.Phase == MarketPhase.Closed || !counters.Symbols.TryGetValue(channel.Symbol, out var symbol)
                || symbol.Of(channel.Kind) is not { LastReceivedMs: { } lastMs } activity
                || lastMs < session.StartsAt.ToUnixTimeMilliseconds())
            {
                // Silence is normal: the market is closed, or the channel has not ticked in this session.
                continue;
            }

            var monitored = Of(channel);
            var sinceMs = Math.Max(_steadySinceMs, coveredMs);
            if (monitored.Observe(activity, sinceMs, nowMs))
            {
                if (monitored.StaleState == StaleState.Reported)
                {
                    tickingAgain.Add(channel);
                }

                monitored.StaleState = StaleState.None;
            }
            else if (monitored.StaleState == StaleState.Reconnected && coveredMs < monitored.ReconnectedAtMs)
            {
                // The connection has not been restarted yet.
                continue;
            }
            else if (monitored.StaleState != StaleState.Reported && monitored.IsStale(activity, sinceMs, nowMs))
            {
                (monitored.StaleState == StaleState.None ? stale : stillStale).Add(channel);
                monitored.MissingSinceMs = monitored.StaleState == StaleState.None ? lastMs : coveredMs;
            }
            else if (monitored.StaleState == StaleState.Reported && coveredMs > monitored.MissingSinceMs)
            {
                // The new subscription closed the gap in the ledger, so report the silence again to open another gap.
                monitored.MissingSinceMs = coveredMs;
                ReportMissing([channel], "no ticks on recent sessions, although the market is open");
            }
        }

        if (stale.Count + stillStale.Count > 0 && !hours.Confirm(now - MaxStatusAge))
        {
            // The market may be closed on a day that is not in the calendar. The server's status will show this within a few checks.
            (stale, stillStale) = ([], []);
        }

        Reconnect(stale);
        Report(stillStale);
        ReportTickingAgain(tickingAgain);
    }

    /// <summary>
    /// Whether silence since the previous check counts: the process did not pause, the clock was not set, and few frames wait to be
    /// decoded.
    /// </summary>
    private bool IsSteady(long nowMs)
    {
        var (before, beforeMs) = (_checkedTimestamp, _checkedAtMs);
        (_checkedTimestamp, _checkedAtMs) = (time.GetTimestamp(), nowMs);
        var isSteady = beforeMs != 0 && time.GetElapsedTime(before) < MaxCheckGap
            && Math.Abs(nowMs - beforeMs) < MaxCheckGap.TotalMilliseconds
            && frames.Bytes <= MaxQueuedBytes;
        if (!isSteady)
        {
            _steadySinceMs = nowMs;
        }

        return isSteady;
    }

    private MonitoredChannel Of(FeedChannel channel)
    {
        if (!_channels.TryGetValue(channel, out var monitored))
        {
            _channels.Add(channel, monitored = new MonitoredChannel());
        }

        return monitored;
    }

    private void Forget(IReadOnlyList<KeyValuePair<FeedChannel, long>> subscribed)
    {
        if (_channels.Count > subscribed.Count)
        {
            // Channels without a slot are no longer wanted; channels that are being reconnected keep their slots.
            foreach (var channel in _channels.Keys.Where(channel => feeds.SlotOf(channel) is null).ToArray())
            {
                _channels.Remove(channel);
            }

            SetReported();
        }
    }

    private void Reconnect(List<FeedChannel> stale)
    {
        foreach (var connection in stale.GroupBy(channel => (channel.Symbol.Market, Slot: feeds.SlotOf(channel))))
        {
            var channels = connection.ToList();
            var names = Names(channels);
            ReportMissing(channels, "no ticks, although the channel usually ticks more often and the market is open");
            metrics.Reconnected(connection.Key.Market);
            logger.QuietChannels(channels.Count, connection.Key.Market.Path(), names);
            foreach (var channel in channels)
            {
                (_channels[channel].StaleState, _channels[channel].ReconnectedAtMs) = (StaleState.Reconnected, _checkedAtMs);
            }

            feeds.Reconnect(channels[0], $"no ticks of {names} for longer than usual");
        }
    }

    private void Report(List<FeedChannel> stillStale)
    {
        if (stillStale.Count == 0)
        {
            return;
        }

        ReportMissing(stillStale, "no ticks on a new session either, although the market is open");
        foreach (var channel in stillStale)
        {
            _channels[channel].StaleState = StaleState.Reported;
        }

        var names = Names(stillStale);
        logger.StaleChannels(stillStale.Count, names);
        SetReported();
    }

    private void ReportTickingAgain(List<FeedChannel> tickingAgain)
    {
        if (tickingAgain.Count == 0)
        {
            return;
        }

        feeds.ReportStaleChannels([.. tickingAgain.Select(channel => new CoverageChange(
            channel, true, counters.Symbols[channel.Symbol].Of(channel.Kind).LastReceivedMs!.Value, LossCause.None, ""))]);
        var names = Names(tickingAgain);
        logger.TickingAgain(tickingAgain.Count, names);
        SetReported();
    }

    /// <summary>Reports the times after which ticks may be missing. The REST history shows later whether ticks were missing.</summary>
    private void ReportMissing(List<FeedChannel> channels, string detail) => feeds.ReportStaleChannels(
        [.. channels.Select(channel => new CoverageChange(channel, false, _channels[channel].MissingSinceMs, LossCause.Stale, detail))]);

    private void SetReported()
    {
        _reported =
            [.. _channels.Where(channel => channel.Value.StaleState == StaleState.Reported).Select(channel => channel.Key.ToString())
                .Order(StringComparer.Ordinal)];
        metrics.Stale = _reported.Count;
    }

    private static string Names(List<FeedChannel> channels) =>
        string.Join(", ", channels.Take(MaxNames)) + (channels.Count > MaxNames ? $" and {channels.Count - MaxNames} others" : "");
}
