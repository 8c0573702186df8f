using CloudTicks.Functions.Hosting.Invocation;
using NCrontab;

namespace CloudTicks.Functions.Hosting.Timers;

/// <summary>
/// A timer's schedule in UTC, regardless of the machine's time zone, so that daylight saving time neither repeats nor skips an hour.
/// </summary>
internal sealed class TimerSchedule
{
    private static readonly CrontabSchedule.ParseOptions WithSeconds = new() { IncludingSeconds = true };

    private readonly CrontabSchedule _schedule;

    private TimerSchedule(CrontabSchedule schedule) => _schedule = schedule;

    /// <exception cref="InvalidOperationException">The schedule cannot be parsed; the message names the function.</exception>
    public static TimerSchedule Of(TimerFunction function) =>
        CrontabSchedule.TryParse(function.Trigger.Schedule, WithSeconds) is { } schedule
            ? new TimerSchedule(schedule)
            : throw new InvalidOperationException(
                $"Function '{function.Name}' has the schedule '{function.Trigger.Schedule}', which does not consist of six fields: " +
                "second, minute, hour, day, month and day of the week, such as '0 */10 * * * *'.");

    public DateTimeOffset After(DateTimeOffset time) => new(_schedule.GetNextOccurrence(time.UtcDateTime), TimeSpan.Zero);
}
