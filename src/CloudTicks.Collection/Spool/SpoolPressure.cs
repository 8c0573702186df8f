namespace CloudTicks.Collection.Spool;

/// <summary>How full the spool is.</summary>
internal enum SpoolPressure
{
    None,

    /// <summary>
    /// The spool is nearly full: its usage reached 80 % and has not fallen below 70 % since. All trades are kept, but only the last quote
    /// of each symbol and second.
    /// </summary>
    Conflate,

    /// <summary>The spool is full, or its disk cannot be written: ticks are refused.</summary>
    Refuse,
}
