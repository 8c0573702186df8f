namespace CloudTicks.Ticks;

/// <summary>How a tick entered the system. The numbers are part of the archive format: they never change.</summary>
public enum TickSource
{
    /// <summary>From the live feed.</summary>
    Live = 1,

    /// <summary>Fetched over REST to fill a gap.</summary>
    Backfill = 2,

    /// <summary>Entered by an operator's command.</summary>
    DbCommand = 3,

    /// <summary>Replayed from the archive or from recorded ticks.</summary>
    Replay = 4,

    /// <summary>Imported into the lake from a file of historical ticks. No record of the archive has this source.</summary>
    Import = 5,
}
