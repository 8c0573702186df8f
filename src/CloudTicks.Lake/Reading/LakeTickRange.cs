using CloudTicks.Ticks;

namespace CloudTicks.Lake.Reading;

/// <summary>Selects ticks of a market to read from the lake.</summary>
public sealed record LakeTickRange
{
    /// <summary>The market of the symbols.</summary>
    public required Market Market { get; init; }

    /// <summary>The symbols; empty for all of the market.</summary>
    public required IReadOnlyList<Symbol> Symbols { get; init; }

    /// <summary>The kind of the ticks; null for both.</summary>
    public TickKind? Kind { get; init; }

    /// <summary>The start of the range, inclusive, Unix ms, UTC.</summary>
    public required long FromMs { get; init; }

    /// <summary>The end of the range, exclusive, Unix ms, UTC.</summary>
    public required long ToMs { get; init; }

    /// <summary>Whether to read backward, from the latest tick to the earliest.</summary>
    public bool IsBackward { get; init; }

    /// <summary>The cursor after which reading starts, in the direction of reading; null to read the whole range.</summary>
    public LakeTickCursor? After { get; init; }

    /// <summary>The maximum number of rows per query, at least 1, repeats included; null for no limit.</summary>
    public int? BatchRows { get; init; }

    /// <summary>
    /// Selects the ticks that the archive no longer holds; null to read all ticks. It cannot be combined with <see cref="IsBackward"/>.
    /// </summary>
    public ArchiveHandover? Handover { get; init; }

    internal TickKind[] Kinds => Kind is { } kind ? [kind] : [TickKind.Quote, TickKind.Trade];
}

/// <summary>
/// A cursor: the position of a tick among its market's ticks, which are ordered by time, the feed's sequence number, and the identity as a
/// signed number.
/// </summary>
/// <param name="TimestampMs">Unix ms, UTC.</param>
/// <param name="Sequence">0 when the tick has none.</param>
public readonly record struct LakeTickCursor(long TimestampMs, long Sequence, ulong Identity);

/// <summary>Receives a tick of the lake.</summary>
/// <param name="tick">The tick; its spans are valid until the visitor returns.</param>
/// <param name="source">The source of the tick.</param>
/// <param name="identity">The identity of the tick.</param>
/// <returns>False to stop reading.</returns>
public delegate bool LakeTickVisitor(scoped in Tick tick, TickSource source, ulong identity);
