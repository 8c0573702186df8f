namespace CloudTicks.Collection.Spool;

/// <summary>The levels of how full the spool is.</summary>
internal enum SpoolPressure
{
    None,

    /// <summary>80 % of the spool is used: only the last quote of each symbol and second is kept.</summary>
    Conflate,

    /// <summary>The spool is full: ticks are refused.</summary>
    Refuse,
}
