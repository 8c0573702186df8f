using CloudTicks.Ticks;

namespace CloudTicks.Replay;

/// <summary>Selects ticks of the archive by their own time, regardless of their arrival.</summary>
public sealed record TickSelection
{
    /// <summary>The first selected time, Unix ms.</summary>
    public long FromMs { get; init; } = long.MinValue;

    /// <summary>The time after the last selected one, Unix ms.</summary>
    public long ToMs { get; init; } = long.MaxValue;

    /// <summary>
    /// Records written before this Unix ms are not read; null reads all. A record cannot hold a tick that is newer than the record, unless
    /// a clock was ahead.
    /// </summary>
    public long? WrittenFromMs { get; init; }

    /// <summary>The symbols; every one by default.</summary>
    public SymbolFilter Symbols { get; init; } = SymbolFilter.All;

    /// <summary>Whether a time is within the selected range.</summary>
    public bool Contains(long timestampMs) => timestampMs >= FromMs && timestampMs < ToMs;
}
