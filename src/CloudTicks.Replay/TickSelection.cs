using CloudTicks.Ticks;

namespace CloudTicks.Replay;

/// <summary>Selects ticks of the archive by their own time, regardless of their arrival.</summary>
public sealed record TickSelection
{
    /// <summary>The beginning of the selected time, inclusive, Unix ms.</summary>
    public long FromMs { get; init; } = long.MinValue;

    /// <summary>The end of the selected time, exclusive, Unix ms.</summary>
    public long ToMs { get; init; } = long.MaxValue;

    /// <summary>
    /// Records written before this time, Unix ms, are not read; null to read all. A record cannot hold a tick that is newer than the
    /// record, unless a clock was ahead.
    /// </summary>
    public long? WrittenFromMs { get; init; }

    /// <summary>The selected symbols; all by default.</summary>
    public SymbolFilter Symbols { get; init; } = SymbolFilter.All;

    /// <summary>Whether a time is within the selected range.</summary>
    public bool Contains(long timestampMs) => timestampMs >= FromMs && timestampMs < ToMs;
}
