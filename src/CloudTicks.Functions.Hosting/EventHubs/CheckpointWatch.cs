using Confluent.Kafka;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CloudTicks.Functions.Hosting.EventHubs;

/// <summary>
/// Watches whether the event hub takes one function's checkpoints. It queries a hub that refuses them for the reason; the answer is logged once, again every
/// minute, and stands in the health until a checkpoint is taken. Used on the consumer's thread only.
/// </summary>
internal sealed class CheckpointWatch(TriggerRuntime runtime)
{
    private static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);

    private Error? _refusal;
    private long? _loggedAt;

    /// <summary>The hub has refused a checkpoint; the client commits again by itself.</summary>
    public void OnRefused(Error error)
    {
        _refusal = error;
        runtime.Metrics.CheckpointFailed(runtime.Name);
    }

    /// <summary>The hub has taken a checkpoint.</summary>
    public void OnTaken()
    {
        if (_loggedAt is not null)
        {
            runtime.Logger.CheckpointsTaken(runtime.Name, runtime.Trigger.Topic);
            runtime.Health.Clear(runtime.Name, TriggerHealth.Checkpoints);
        }

        (_refusal, _loggedAt) = (null, null);
    }

    /// <summary>Reports that checkpoints are refused, when it is time to.</summary>
    /// <param name="askWhy">Asks the hub why; null when it does not say.</param>
    public void Remind(Func<string?> askWhy)
    {
        if (_refusal is null || (_loggedAt is { } loggedAt && runtime.Time.GetElapsedTime(loggedAt) < LogInterval))
        {
            return;
        }

        var reason = askWhy() ?? _refusal.Reason;
        _loggedAt = runtime.Time.GetTimestamp();
        runtime.Logger.CheckpointsRefused(runtime.Name, runtime.Trigger.Connection, runtime.Trigger.Topic, reason);
        runtime.Health.Report(
            runtime.Name,
            TriggerHealth.Checkpoints,
            HealthStatus.Degraded,
            $"The event hub at {runtime.Trigger.Connection} takes no checkpoints of {runtime.Name}: {reason}.");
    }
}
