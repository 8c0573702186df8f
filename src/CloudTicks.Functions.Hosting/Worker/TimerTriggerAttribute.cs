namespace Microsoft.Azure.Functions.Worker;

/// <summary>The function is called on a schedule, one call at a time.</summary>
/// <param name="schedule">Six NCRONTAB fields, in UTC: second, minute, hour, day, month, day of the week.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class TimerTriggerAttribute(string schedule) : Attribute
{
    /// <summary>Six NCRONTAB fields, in UTC.</summary>
    public string Schedule { get; } = schedule;

    /// <summary>Whether missed times are made up for: here while the host runs, on Azure across restarts as well.</summary>
    public bool UseMonitor { get; set; } = true;

    /// <summary>True if the function is also called when the host starts.</summary>
    public bool RunOnStartup { get; set; }
}
