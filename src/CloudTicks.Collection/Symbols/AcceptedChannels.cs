using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;

namespace CloudTicks.Collection.Symbols;

/// <summary>
/// Whose ticks are accepted: all selected channels, those that other collectors hold included, and for a while those that were selected. It
/// never changes; each selection makes another one, so that a reader may keep what it read for as long as the instance is the same.
/// </summary>
internal sealed class AcceptedChannels
{
    /// <summary>The server sends on until it has read the unsubscription, which may wait for its turn.</summary>
    private static readonly TimeSpan AfterRemoval = TimeSpan.FromMinutes(1);

    private readonly Dictionary<FeedChannel, long> _untilMs;

    private AcceptedChannels(Dictionary<FeedChannel, long> untilMs) => _untilMs = untilMs;

    /// <summary>Accepts nothing.</summary>
    public static AcceptedChannels None { get; } = new([]);

    /// <summary>The channels of the next selection.</summary>
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
