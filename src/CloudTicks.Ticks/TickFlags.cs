namespace CloudTicks.Ticks;

/// <summary>What the collector noticed about a tick that it kept. The bits are part of the archive format: they never change.</summary>
[Flags]
public enum TickFlags
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Older on arrival than the collector's age limit.</summary>
    Late = 1 << 0,

    /// <summary>Stamped later than the collector's clock allows.</summary>
    Future = 1 << 1,

    /// <summary>The ask is below the bid.</summary>
    Crossed = 1 << 2,

    /// <summary>Quote sizes count round lots of 100 shares, as Polygon sent them before November 2025, instead of shares.</summary>
    RoundLots = 1 << 3,
}
