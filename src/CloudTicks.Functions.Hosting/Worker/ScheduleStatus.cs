namespace Microsoft.Azure.Functions.Worker;

/// <summary>The times of a schedule, UTC.</summary>
public class ScheduleStatus
{
    /// <summary>When the function was called last; the default when it was not called yet.</summary>
    public DateTime Last { get; set; }

    /// <summary>When it is called next.</summary>
    public DateTime Next { get; set; }

    /// <summary>When these times were written down.</summary>
    public DateTime LastUpdated { get; set; }
}
