namespace CloudTicks.Timescale.Retention;

/// <summary>The clock that determines the cutoff of a retention run.</summary>
public enum CutoffClock
{
    /// <summary>The clock of this program.</summary>
    Own,

    /// <summary>The clock of the database.</summary>
    Database,

    /// <summary>The time of the newest tick in the table.</summary>
    NewestTick,
}
