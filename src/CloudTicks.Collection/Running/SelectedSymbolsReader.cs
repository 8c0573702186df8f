using CloudTicks.Collection.Counters;
using CloudTicks.Collection.Feeds;
using CloudTicks.Collection.Subscriptions;
using CloudTicks.Polygon.Hours;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Status;

namespace CloudTicks.Collection.Running;

/// <summary>Reports, for each wanted channel, its subscription, its last tick and the phase of its market.</summary>
internal sealed class SelectedSymbolsReader(
    WantedChannels wanted, MarketFeeds feeds, CollectorCounters counters, MarketHours hours, TimeProvider time)
{
    /// <summary>Minimum number of pauses for a mean pause to be reported. With fewer, the usual pause is unknown.</summary>
    private const int MinPauses = 10;

    public IReadOnlyList<SelectedChannel> Read()
    {
        var now = time.GetUtcNow();
        var covered = feeds.Subscribed().ToDictionary();
        var wantedSince = wanted.WantedSince;
        return [.. wanted.Channels.Where(wantedSince.ContainsKey).Select(channel => Read(channel, wantedSince[channel], covered, now))];
    }

    private SelectedChannel Read(FeedChannel channel, long sinceMs, Dictionary<FeedChannel, long> covered, DateTimeOffset now)
    {
        var session = hours.SessionOf(channel.Symbol, now);
        var activity = counters.Symbols.GetValueOrDefault(channel.Symbol)?.Of(channel.Kind);
        return new SelectedChannel
        {
            Symbol = channel.Symbol.Name,
            Market = channel.Symbol.Market.Name(),
            Kind = channel.Kind.Name(),
            Channel = channel.ToString(),
            Phase = session.Phase switch { MarketPhase.Closed => "closed", MarketPhase.Extended => "extended", _ => "regular" },
            PhaseSinceMs = session.StartsAt == DateTimeOffset.MinValue ? null : session.StartsAt.ToUnixTimeMilliseconds(),
            WantedSinceMs = sinceMs,
            CoveredSinceMs = covered.TryGetValue(channel, out var coveredMs) ? coveredMs : null,
            LastTickAgeMs = activity?.LastReceivedMs is { } last ? Math.Max(0, now.ToUnixTimeMilliseconds() - last) : null,
            UsualPauseMs = activity is { Pauses: >= MinPauses } ? Math.Round(activity.MeanPauseMs, 1) : null,
        };
    }
}
