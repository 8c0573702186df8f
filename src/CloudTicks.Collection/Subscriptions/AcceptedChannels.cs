using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;

namespace CloudTicks.Collection.Subscriptions;

/// <summary>
/// An immutable set of accepted channels: all selected channels, whichever collector holds them, and recently removed ones.
/// </summary>
internal sealed class AcceptedChannels
{
    /// <summary>
    /// How long removed channels are still accepted, because the server sends their ticks until it has read the unsubscription.
    /// </summary>
    private static readonly TimeSpan RemovalGracePeriod = TimeSpan.FromMinutes(1);

    private readonly Dictionary<FeedChannel, long> _untilMs;

    private AcceptedChannels(Dictionary<FeedChannel, long> untilMs) => _untilMs = untilMs;

    public static AcceptedChannels None { get; } = new([]);

    public AcceptedChannels Next(IEnumerable<FeedChannel> selected, long nowMs)
    {
        var untilMs = selected.ToDictionary(channel => channel, _ => long.MaxValue);
        foreach (var (channel, until) in _untilMs.Where(known => known.Value > nowMs))
        {
            untilMs.TryAdd(channel, Math.Min(until, nowMs + (long)RemovalGracePeriod.TotalMilliseconds));
        }

        return new AcceptedChannels(untilMs);
    }

    /// <summary>
    /// The time until which received ticks of a channel are accepted, Unix ms, UTC; <see cref="long.MinValue"/> when the channel is not
    /// accepted.
    /// </summary>
    public long UntilMs(Symbol symbol, TickKind kind) => _untilMs.GetValueOrDefault(new FeedChannel(symbol, kind), long.MinValue);
}
