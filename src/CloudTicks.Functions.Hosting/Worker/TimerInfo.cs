namespace Microsoft.Azure.Functions.Worker;

/// <summary>What a timer tells the function that it calls.</summary>
public class TimerInfo
{
    /// <summary>The times of the schedule; null when they are not monitored.</summary>
    public ScheduleStatus? ScheduleStatus { get; set; }

    /// <summary>True when this call comes later than the schedule says; times missed in between have no call of their own.</summary>
    public bool IsPastDue { get; set; }
}
