using CloudTicks.Ticks;

namespace CloudTicks.Relay.Archive;

/// <summary>
/// Selects a client's past ticks. In each channel the selection begins with the first tick, in the archive's order, that is not older than
/// the requested time, and includes all following ticks, even older ones. Ticks that were backfilled after the requested time are always
/// selected. A time for several channels is usually the time of the client's last tick in one channel. The client may lack older ticks of
/// the other channels, so the selection then begins with ticks archived shortly before that time.
/// </summary>
internal sealed class HistoryFilter
{
    private readonly Dictionary<(Symbol Symbol, TickKind Kind), Entry> _singles = [];
    private readonly List<Wildcard> _wildcards = [];

    public HistoryFilter(IReadOnlyList<(SinceChannel Channel, HeldChannel Held)> wanted)
    {
        foreach (var (channel, held) in wanted)
        {
            if (channel.Selector.Symbol is { } symbol)
            {
                _singles[(symbol, channel.Selector.Kind)] = new Entry(channel, held);
            }
            else
            {
                _wildcards.Add(new Wildcard(channel, held));
            }
        }
    }

    public bool IsWanted(scoped in Tick tick, TickSource source, long archivedMs)
    {
        var entry = _singles.GetValueOrDefault((tick.Symbol, tick.Kind)) ?? FromWildcard(tick.Symbol, tick.Kind);
        if (entry is null || entry.Held.IsWithdrawn)
        {
            return false;
        }

        if (entry.HasBegun)
        {
            return true;
        }

        entry.HasBegun = tick.TimestampMs >= entry.SinceMs || archivedMs >= entry.ArchivedSinceMs;
        return entry.HasBegun || (source == TickSource.Backfill && archivedMs >= entry.SinceMs);
    }

    private Entry? FromWildcard(Symbol symbol, TickKind kind)
    {
        foreach (var (channel, held) in _wildcards)
        {
            if (channel.Selector.Covers(symbol, kind))
            {
                var entry = new Entry(channel, held);
                _singles.Add((symbol, kind), entry);
                return entry;
            }
        }

        return null;
    }

    private readonly record struct Wildcard(SinceChannel Channel, HeldChannel Held);

    private sealed class Entry(SinceChannel channel, HeldChannel held)
    {
        public long SinceMs { get; } = channel.SinceMs;

        public long? ArchivedSinceMs { get; } = channel.ArchivedSinceMs;

        public HeldChannel Held { get; } = held;

        public bool HasBegun { get; set; }
    }
}
