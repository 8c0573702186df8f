namespace Microsoft.Azure.Functions.Worker;

/// <summary>The function is called at the times of a schedule, one call at a time.</summary>
/// <param name="schedule">Six fields of NCRONTAB, in UTC: second, minute, hour, day, month, day of the week.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class TimerTriggerAttribute(string schedule) : Attribute
{
    /// <summary>Six fields of NCRONTAB, in UTC.</summary>
    public string Schedule { get; } = schedule;

    /// <summary>Whether missed times are made up for: here while the host runs, on Azure over restarts too.</summary>
    public bool UseMonitor { get; set; } = true;

    /// <summary>True when the function is called at the start of the host as well.</summary>
    public bool RunOnStartup { get; set; }
}
