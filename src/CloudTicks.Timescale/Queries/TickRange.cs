using CloudTicks.Ticks;

namespace CloudTicks.Timescale.Queries;

/// <summary>Which ticks of a symbol are asked for.</summary>
public sealed record TickRange
{
    /// <summary>The symbol's name, normalised.</summary>
    public required string Symbol { get; init; }

    /// <summary>First time, Unix ms, UTC; without it and <see cref="After"/> the latest before <see cref="ToMs"/>.</summary>
    public long? FromMs { get; init; }

    /// <summary>No tick before this time, Unix ms, UTC, whichever are asked for: older ones are read elsewhere.</summary>
    public long BeginMs { get; init; } = long.MinValue;

    /// <summary>The time behind the last, Unix ms, UTC.</summary>
    public long ToMs { get; init; } = long.MaxValue;

    /// <summary>Only ticks behind this one.</summary>
    public TickCursor? After { get; init; }

    /// <summary>Only ticks of this kind; null for both.</summary>
    public TickKind? Kind { get; init; }

    /// <summary>Whether quotes whose ask is below their bid are left out.</summary>
    public bool WithoutCrossed { get; init; }

    /// <summary>Most ticks, at least 1.</summary>
    public required int Limit { get; init; }

    /// <summary>Whether the latest ticks are asked for, not the first.</summary>
    public bool IsLatest => FromMs is null && After is null;
}
