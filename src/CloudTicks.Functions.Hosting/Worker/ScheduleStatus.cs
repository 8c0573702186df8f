namespace Microsoft.Azure.Functions.Worker;

/// <summary>A schedule's times, UTC.</summary>
public class ScheduleStatus
{
    /// <summary>When the function was last called; the default value if never.</summary>
    public DateTime Last { get; set; }

    /// <summary>When it will be called next.</summary>
    public DateTime Next { get; set; }

    /// <summary>When this status was recorded.</summary>
    public DateTime LastUpdated { get; set; }
}
