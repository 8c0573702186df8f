using CloudTicks.Ticks;

namespace CloudTicks.Timescale.Queries;

/// <summary>A query for the ticks of a symbol.</summary>
public sealed record TickRange
{
    /// <summary>The symbol's name, normalised.</summary>
    public required string Symbol { get; init; }

    /// <summary>
    /// Start of the range, Unix ms, UTC. If this and <see cref="After"/> are null, the latest ticks before <see cref="ToMs"/> are read.
    /// </summary>
    public long? FromMs { get; init; }

    /// <summary>The earliest time to read from the table, Unix ms, UTC; the lake provides all earlier ticks.</summary>
    public long BeginMs { get; init; } = long.MinValue;

    /// <summary>End of the range, exclusive, Unix ms, UTC.</summary>
    public long ToMs { get; init; } = long.MaxValue;

    /// <summary>Only ticks after this position.</summary>
    public TickCursor? After { get; init; }

    /// <summary>Only ticks of this kind; null for both.</summary>
    public TickKind? Kind { get; init; }

    /// <summary>Whether to skip quotes with an ask below the bid.</summary>
    public bool WithoutCrossed { get; init; }

    /// <summary>Maximum number of ticks, at least 1.</summary>
    public required int Limit { get; init; }

    /// <summary>Whether the latest ticks are read instead of the first.</summary>
    public bool IsLatest => FromMs is null && After is null;
}
