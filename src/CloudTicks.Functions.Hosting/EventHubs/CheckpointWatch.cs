using CloudTicks.Foundations;
using Confluent.Kafka;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CloudTicks.Functions.Hosting.EventHubs;

/// <summary>Logs a hub that refuses one function's checkpoints, with its reason, and degrades the health. Consumer's thread only.</summary>
internal sealed class CheckpointWatch(TriggerRuntime runtime)
{
    private readonly OutageLog _outage = new(runtime.Time);
    private string _refusal = "";

    /// <summary>The hub has refused a checkpoint; the client commits again by itself.</summary>
    public void OnRefused(Error error)
    {
        _refusal = error.Reason;
        _outage.Begin();
        runtime.Metrics.CheckpointFailed(runtime.Name);
    }

    public void OnTaken()
    {
        if (_outage.End(out _))
        {
            runtime.Logger.CheckpointsTaken(runtime.Name, runtime.Trigger.Topic);
            runtime.Health.Clear(runtime.Name, TriggerHealth.Checkpoints);
        }
    }

    /// <summary>Reports that checkpoints are refused, when it is time to.</summary>
    /// <param name="askWhy">Asks the hub why; null when it does not say.</param>
    public void Remind(Func<string?> askWhy)
    {
        if (!_outage.IsDue)
        {
            return;
        }

        var reason = askWhy() ?? _refusal;
        _outage.Notice(out _);
        runtime.Logger.CheckpointsRefused(runtime.Name, runtime.Trigger.Connection, runtime.Trigger.Topic, reason);
        runtime.Health.Report(
            runtime.Name,
            TriggerHealth.Checkpoints,
            HealthStatus.Degraded,
            $"The event hub at {runtime.Trigger.Connection} takes no checkpoints of {runtime.Name}: {reason}.");
    }
}
