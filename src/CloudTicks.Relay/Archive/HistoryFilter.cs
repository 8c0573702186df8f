using CloudTicks.Ticks;

namespace CloudTicks.Relay.Archive;

/// <summary>
/// Selects a client's past ticks. Of each channel it selects the first tick in the archive's order that is not older than the requested
/// time, and all ticks after it, including late and backfilled ones, which arrived after the client had disconnected. A time that applies
/// to several channels is the last time of only one of them, so ticks of the others that were archived since then, or shortly before, are
/// also selected.
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
