namespace CloudTicks.Ticks;

/// <summary>What is unusual about an accepted tick. The bits are part of the archive format: they never change.</summary>
[Flags]
public enum TickFlags
{
    /// <summary>Nothing is unusual.</summary>
    None = 0,

    /// <summary>The tick was older than the age limit when it was received.</summary>
    Late = 1 << 0,

    /// <summary>The tick's time is too far ahead of the collector's clock.</summary>
    Future = 1 << 1,

    /// <summary>The ask is below the bid.</summary>
    Crossed = 1 << 2,

    /// <summary>Quote sizes are in round lots of 100 shares, as Polygon sent them before November 2025, not in shares.</summary>
    RoundLots = 1 << 3,
}
