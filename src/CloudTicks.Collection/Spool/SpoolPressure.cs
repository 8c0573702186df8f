namespace CloudTicks.Collection.Spool;

/// <summary>How near the spool is to its bound.</summary>
internal enum SpoolPressure
{
    None,

    /// <summary>Four fifths are used: of the quotes only the last of each symbol and second is kept.</summary>
    Conflate,

    /// <summary>No room is left: ticks are refused.</summary>
    Refuse,
}
