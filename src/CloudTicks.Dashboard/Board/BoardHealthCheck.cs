using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CloudTicks.Dashboard.Board;

/// <summary>Degraded while no live ticks can come: history, settings and the picture of the pipeline are served all the same.</summary>
internal sealed class BoardHealthCheck(BoardFeed feed) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            feed.State.IsConnected ? HealthCheckResult.Healthy(feed.State.Sentence) : HealthCheckResult.Degraded(feed.State.Sentence));
}
