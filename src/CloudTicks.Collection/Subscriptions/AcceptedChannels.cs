using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;

namespace CloudTicks.Collection.Subscriptions;

/// <summary>Immutable set of accepted channels: all selected, by any collector, and those selected a while ago.</summary>
internal sealed class AcceptedChannels
{
    /// <summary>The server sends on until it has read the unsubscription, which may wait for its turn.</summary>
    private static readonly TimeSpan AfterRemoval = TimeSpan.FromMinutes(1);

    private readonly Dictionary<FeedChannel, long> _untilMs;

    private AcceptedChannels(Dictionary<FeedChannel, long> untilMs) => _untilMs = untilMs;

    public static AcceptedChannels None { get; } = new([]);

    public AcceptedChannels Next(IEnumerable<FeedChannel> selected, long nowMs)
    {
        var untilMs = selected.ToDictionary(channel => channel, _ => long.MaxValue);
        foreach (var (channel, until) in _untilMs.Where(known => known.Value > nowMs))
        {
            untilMs.TryAdd(channel, Math.Min(until, nowMs + (long)AfterRemoval.TotalMilliseconds));
        }

        return new AcceptedChannels(untilMs);
    }

    /// <summary>The last receipt time of ticks that are accepted, Unix ms, UTC.</summary>
    public long UntilMs(Symbol symbol, TickKind kind) => _untilMs.GetValueOrDefault(new FeedChannel(symbol, kind), long.MinValue);
}
