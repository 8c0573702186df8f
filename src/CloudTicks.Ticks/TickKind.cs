namespace CloudTicks.Ticks;

/// <summary>What a tick tells. The numbers are part of the archive format and of tick identity: they never change.</summary>
public enum TickKind
{
    /// <summary>A best bid and ask; one side may be absent.</summary>
    Quote = 1,

    /// <summary>A price and size that were dealt.</summary>
    Trade = 2,
}
