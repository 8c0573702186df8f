namespace Microsoft.Azure.Functions.Worker;

/// <summary>The previous and next times of a schedule, UTC.</summary>
public class ScheduleStatus
{
    /// <summary>When the function was last called; the default value if never.</summary>
    public DateTime Last { get; set; }

    /// <summary>When the function will be called next.</summary>
    public DateTime Next { get; set; }

    /// <summary>When this status was recorded.</summary>
    public DateTime LastUpdated { get; set; }
}
