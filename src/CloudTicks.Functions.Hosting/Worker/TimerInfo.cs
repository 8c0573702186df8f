namespace Microsoft.Azure.Functions.Worker;

/// <summary>What a timer passes to its function.</summary>
public class TimerInfo
{
    /// <summary>The schedule's times; null if they are not monitored.</summary>
    public ScheduleStatus? ScheduleStatus { get; set; }

    /// <summary>True if this call is later than scheduled; times missed in between get no call of their own.</summary>
    public bool IsPastDue { get; set; }
}
