using CloudTicks.Collection.Counters;
using CloudTicks.Collection.Feeds;
using CloudTicks.Polygon.Hours;
using CloudTicks.Polygon.Sessions;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Liveness;

/// <summary>
/// Notices channels that are subscribed and bring nothing, in the hours of their market, though they ticked before in the same session:
/// their connection is begun anew, once for all of it, and those that stay quiet are reported, each once until it ticks again. Quiet
/// does not count while frames wait to be decoded, nor across a pause of this process or a step of the clock.
/// </summary>
internal sealed class StaleSymbols(
    IWatchedFeeds feeds, CollectorCounters counters, MarketHours hours, FrameQueue frames, LivenessMetrics metrics, TimeProvider time,
    ILogger<StaleSymbols> logger)
{
    private const long MostWaitingBytes = 1 << 20;
    private const int MostNamed = 20;

    public static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    /// <summary>Looks this far apart, by either clock, are no steady watch.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    /// <summary>The server's word on the hours holds this long, where a connection may end for it.</summary>
    private static readonly TimeSpan Trusted = TimeSpan.FromSeconds(30);

    private readonly Dictionary<FeedChannel, QuietChannel> _channels = [];
    private volatile IReadOnlyList<string> _reported = [];
    private long _steadySinceMs;
    private long _lookedAtMs;
    private long _lookedAt;

    public IReadOnlyList<string> Reported => _reported;

    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(Step, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stopping.IsCancellationRequested)
            {
                Look();
            }
        }
    }

    public void Look()
    {
        var now = time.GetUtcNow();
        var nowMs = now.ToUnixTimeMilliseconds();
        if (!IsSteady(nowMs))
        {
            return;
        }

        var subscribed = feeds.Subscribed();
        Forget(subscribed);
        var (stale, still, again) = (new List<FeedChannel>(), new List<FeedChannel>(), new List<FeedChannel>());
        foreach (var (channel, coveredMs) in subscribed)
        {
            var session = hours.SessionOf(channel.Symbol, now);
            if (session.Phase == MarketPhase.Closed || !counters.Symbols.TryGetValue(channel.Symbol, out var symbol)
                || symbol.Of(channel.Kind) is not { LastReceivedMs: { } lastMs } activity
                || lastMs < session.Began.ToUnixTimeMilliseconds())
            {
                // Closed, or nothing came in this session yet: that it does not tick is no news.
                continue;
            }

            var quiet = Of(channel);
            var sinceMs = Math.Max(_steadySinceMs, coveredMs);
            if (quiet.Look(activity, sinceMs, nowMs))
            {
                if (quiet.Doubt == Doubt.Reported)
                {
                    again.Add(channel);
                }

                quiet.Doubt = Doubt.None;
            }
            else if (quiet.Doubt == Doubt.Reconnected && coveredMs < quiet.ReconnectedAtMs)
            {
                // The session that was to end has not ended yet.
                continue;
            }
            else if (quiet.Doubt != Doubt.Reported && quiet.IsStale(activity, sinceMs, nowMs))
            {
                (quiet.Doubt == Doubt.None ? stale : still).Add(channel);
                quiet.MissingSinceMs = quiet.Doubt == Doubt.None ? lastMs : coveredMs;
            }
            else if (quiet.Doubt == Doubt.Reported && coveredMs > quiet.MissingSinceMs)
            {
                // Another session, which covers it again as far as the ledger knows.
                quiet.MissingSinceMs = coveredMs;
                Tell([channel], "no ticks on any session of late, though the market is open");
            }
        }

        if (stale.Count + still.Count > 0 && !hours.Confirm(now - Trusted))
        {
            // The market may have closed on a day that no calendar knew; the server will have said so in a few looks.
            (stale, still) = ([], []);
        }

        Reconnect(stale);
        Report(still);
        TickAgain(again);
    }

    /// <summary>Whether the looks follow one another as they should; quiet counts from the last time that they did not.</summary>
    private bool IsSteady(long nowMs)
    {
        var (before, beforeMs) = (_lookedAt, _lookedAtMs);
        (_lookedAt, _lookedAtMs) = (time.GetTimestamp(), nowMs);
        var steady = beforeMs != 0 && time.GetElapsedTime(before) < Pause && Math.Abs(nowMs - beforeMs) < Pause.TotalMilliseconds
            && frames.Bytes <= MostWaitingBytes;
        if (!steady)
        {
            _steadySinceMs = nowMs;
        }

        return steady;
    }

    private QuietChannel Of(FeedChannel channel)
    {
        if (!_channels.TryGetValue(channel, out var quiet))
        {
            _channels.Add(channel, quiet = new QuietChannel());
        }

        return quiet;
    }

    private void Forget(IReadOnlyList<KeyValuePair<FeedChannel, long>> subscribed)
    {
        if (_channels.Count > subscribed.Count)
        {
            // Those that are being reconnected come again; those that are not wanted do not.
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
            Tell(channels, "no ticks, though it usually ticks more often and the market is open");
            metrics.Reconnected(connection.Key.Market);
            logger.QuietChannels(channels.Count, connection.Key.Market.Path(), names);
            foreach (var channel in channels)
            {
                (_channels[channel].Doubt, _channels[channel].ReconnectedAtMs) = (Doubt.Reconnected, _lookedAtMs);
            }

            feeds.Reconnect(channels[0], $"no ticks of {names}, which usually tick more often");
        }
    }

    private void Report(List<FeedChannel> still)
    {
        if (still.Count == 0)
        {
            return;
        }

        Tell(still, "no ticks on a new session either, though the market is open");
        foreach (var channel in still)
        {
            _channels[channel].Doubt = Doubt.Reported;
        }

        var names = Names(still);
        logger.StaleChannels(still.Count, names);
        SetReported();
    }

    private void TickAgain(List<FeedChannel> again)
    {
        if (again.Count == 0)
        {
            return;
        }

        feeds.ReportDoubts([.. again.Select(channel => new CoverageChange(
            channel, true, counters.Symbols[channel.Symbol].Of(channel.Kind).LastReceivedMs!.Value, LossCause.None, ""))]);
        var names = Names(again);
        logger.TickingAgain(again.Count, names);
        SetReported();
    }

    /// <summary>The ledger is told since when ticks may be missing; whether any were sent, the history will show.</summary>
    private void Tell(List<FeedChannel> channels, string detail) => feeds.ReportDoubts(
        [.. channels.Select(channel => new CoverageChange(channel, false, _channels[channel].MissingSinceMs, LossCause.Stale, detail))]);

    private void SetReported()
    {
        _reported =
            [.. _channels.Where(channel => channel.Value.Doubt == Doubt.Reported).Select(channel => channel.Key.ToString())
                .Order(StringComparer.Ordinal)];
        metrics.Stale = _reported.Count;
    }

    private static string Names(List<FeedChannel> channels) =>
        string.Join(", ", channels.Take(MostNamed)) + (channels.Count > MostNamed ? $" and {channels.Count - MostNamed} others" : "");
}
