namespace Microsoft.Azure.Functions.Worker;

/// <summary>Makes the host call a function on a schedule, one call at a time.</summary>
/// <param name="schedule">Six NCRONTAB fields, in UTC: second, minute, hour, day, month, day of the week.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class TimerTriggerAttribute(string schedule) : Attribute
{
    /// <summary>The schedule: six NCRONTAB fields, in UTC.</summary>
    public string Schedule { get; } = schedule;

    /// <summary>Whether missed times are made up for: on this host only while it runs, on Azure also across restarts.</summary>
    public bool UseMonitor { get; set; } = true;

    /// <summary>Whether the function is also called when the host starts.</summary>
    public bool RunOnStartup { get; set; }
}
