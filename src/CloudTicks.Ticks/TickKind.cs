namespace CloudTicks.Ticks;

/// <summary>The kind of a tick. The numbers are part of the archive format and of tick identity: they never change.</summary>
public enum TickKind
{
    /// <summary>A best bid and ask; one side may be absent.</summary>
    Quote = 1,

    /// <summary>An executed trade: its price and size.</summary>
    Trade = 2,
}
