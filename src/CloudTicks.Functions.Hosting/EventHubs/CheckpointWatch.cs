using CloudTicks.Foundations;
using Confluent.Kafka;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CloudTicks.Functions.Hosting.EventHubs;

/// <summary>
/// Logs when the event hub rejects one function's checkpoints, with the reason, and degrades the health. Used on the consumer's thread
/// only.
/// </summary>
internal sealed class CheckpointWatch(TriggerRuntime runtime)
{
    private readonly OutageLog _outage = new(runtime.Time);
    private string _refusal = "";

    /// <summary>Notes that the event hub rejected a checkpoint; the client retries the commit itself.</summary>
    public void OnRefused(Error error)
    {
        _refusal = error.Reason;
        _outage.Begin();
        runtime.Metrics.CheckpointFailed(runtime.Name);
    }

    public void OnAccepted()
    {
        if (_outage.End(out _))
        {
            runtime.Health.Clear(runtime.Name, TriggerHealth.Checkpoints);
            runtime.Logger.CheckpointsAccepted(runtime.Name, runtime.Trigger.Topic);
        }
    }

    /// <summary>Logs that checkpoints are rejected, if a log line is due, and reports it in the health.</summary>
    /// <param name="queryReason">Queries the event hub for the reason; returns null if it reports none.</param>
    public void Remind(Func<string?> queryReason)
    {
        if (!_outage.IsDue)
        {
            return;
        }

        var reason = queryReason() ?? _refusal;
        _outage.Notice(out _);
        runtime.Health.Report(
            runtime.Name,
            TriggerHealth.Checkpoints,
            HealthStatus.Degraded,
            $"The event hub at {runtime.Trigger.Connection} accepts no checkpoints of {runtime.Name}: {reason}.");
        runtime.Logger.CheckpointsRefused(runtime.Name, runtime.Trigger.Connection, runtime.Trigger.Topic, reason);
    }
}
