namespace Microsoft.Azure.Functions.Worker;

/// <summary>What a timer passes to its function.</summary>
public class TimerInfo
{
    /// <summary>The schedule's previous and next times; null if they are not monitored.</summary>
    public ScheduleStatus? ScheduleStatus { get; set; }

    /// <summary>Whether this call is later than scheduled. A late call makes up for all missed times.</summary>
    public bool IsPastDue { get; set; }
}
