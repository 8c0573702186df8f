namespace Microsoft.Azure.Functions.Worker;

/// <summary>Makes the host call a function on a schedule, one call at a time.</summary>
/// <param name="schedule">Six NCRONTAB fields, in UTC: second, minute, hour, day, month, day of the week.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class TimerTriggerAttribute(string schedule) : Attribute
{
    /// <summary>The schedule: six NCRONTAB fields, in UTC.</summary>
    public string Schedule { get; } = schedule;

    /// <summary>
    /// Whether Azure makes up for times that were missed during a restart. This host ignores the value, and always makes up for times that
    /// were missed while it runs.
    /// </summary>
    public bool UseMonitor { get; set; } = true;

    /// <summary>Whether the function is also called when the host starts.</summary>
    public bool RunOnStartup { get; set; }
}
