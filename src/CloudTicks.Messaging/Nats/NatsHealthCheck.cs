using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CloudTicks.Messaging.Nats;

/// <summary>Healthy while there is a connection; else reports the reason.</summary>
internal sealed class NatsHealthCheck(NatsConnectionSettings settings, Func<string?> problem) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(problem() is { } reason
            ? new HealthCheckResult(context.Registration.FailureStatus, $"No connection to NATS at {settings}: {reason}.")
            : HealthCheckResult.Healthy($"Connected to NATS at {settings}."));
}
