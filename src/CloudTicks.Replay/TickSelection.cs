using CloudTicks.Ticks;

namespace CloudTicks.Replay;

/// <summary>Which ticks of the archive are wanted, by their own time, whenever they came into it.</summary>
public sealed record TickSelection
{
    /// <summary>The first Unix ms.</summary>
    public long FromMs { get; init; } = long.MinValue;

    /// <summary>The Unix ms behind the last.</summary>
    public long ToMs { get; init; } = long.MaxValue;

    /// <summary>
    /// Records that were written before this Unix ms are passed over, unread; null reads them all. What was written before a tick's own
    /// time cannot hold it, unless its clock was ahead.
    /// </summary>
    public long? WrittenFromMs { get; init; }

    /// <summary>The symbols; every one by default.</summary>
    public SymbolFilter Symbols { get; init; } = SymbolFilter.All;

    /// <summary>Whether a time is within.</summary>
    public bool Holds(long timestampMs) => timestampMs >= FromMs && timestampMs < ToMs;
}
