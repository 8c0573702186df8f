using CloudTicks.Functions.Hosting.EventHubs;
using CloudTicks.Functions.Hosting.Invocation;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Functions.Hosting.Timers;

/// <summary>Calls a function on schedule, one call at a time. A single late call makes up for all missed times.</summary>
internal sealed class TimerListener(
    TimerFunction function, TimerSchedule schedule, FunctionCall call, TriggerHealth health, FunctionsMetrics metrics, TimeProvider time,
    ILogger logger)
{
    /// <summary>Maximum wait between checks of the time, because clocks are adjusted and machines sleep.</summary>
    private static readonly TimeSpan MaxDelay = TimeSpan.FromMinutes(1);

    /// <summary>The delay above which a call counts as past due.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);

    private DateTimeOffset _lastRunAt;

    public async Task RunAsync(CancellationToken stopping)
    {
        var after = time.GetUtcNow();
        var first = schedule.After(after);
        logger.TimerScheduled(function.Name, function.Trigger.Schedule, first);
        if (function.Trigger.RunOnStartup)
        {
            await InvokeAsync(isPastDue: false, stopping);
        }

        while (!stopping.IsCancellationRequested)
        {
            var due = await WaitUntilDueAsync(after, stopping);
            after = time.GetUtcNow();
            await InvokeAsync(after - due > Tolerance, stopping);
        }
    }

    private async Task<DateTimeOffset> WaitUntilDueAsync(DateTimeOffset after, CancellationToken stopping)
    {
        while (true)
        {
            var now = time.GetUtcNow();
            if (now < after - MaxDelay)
            {
                // The clock was set back by more than a small correction: continue from its new time.
                after = now;
            }

            var due = schedule.After(after);
            if (due <= now)
            {
                return due;
            }

            await Task.Delay(due - now < MaxDelay ? due - now : MaxDelay, time, stopping);
        }
    }

    /// <summary>
    /// Calls the function. A failure is logged and reported by <c>/health</c> until a call succeeds; the schedule continues.
    /// </summary>
    private async Task InvokeAsync(bool isPastDue, CancellationToken stopping)
    {
        var (now, started) = (time.GetUtcNow(), time.GetTimestamp());
        var timer = new TimerInfo
        {
            IsPastDue = isPastDue,
            ScheduleStatus =
                new ScheduleStatus { Last = _lastRunAt.UtcDateTime, Next = schedule.After(now).UtcDateTime, LastUpdated = now.UtcDateTime },
        };
        _lastRunAt = now;
        try
        {
            await call.InvokeAsync(_ => timer, NoBinding.Instance, stopping);
            metrics.Invoked(function.Name, time.GetElapsedTime(started));
            health.Clear(function.Name, TriggerHealth.AllPartitions);
        }
        catch (Exception failed) when (!stopping.IsCancellationRequested)
        {
            metrics.Failed(function.Name);
            health.Report(
                function.Name, TriggerHealth.AllPartitions, HealthStatus.Degraded,
                $"{function.Name} failed at {now:yyyy-MM-ddTHH:mm:ssZ}: {failed.Message}");
            logger.TimerFailed(function.Name, schedule.After(time.GetUtcNow()), failed);
        }
    }
}
