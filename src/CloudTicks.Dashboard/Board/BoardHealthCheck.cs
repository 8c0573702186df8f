using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CloudTicks.Dashboard.Board;

/// <summary>Reports the dashboard as degraded while no live ticks can arrive; history, settings and the pipeline view still work.</summary>
internal sealed class BoardHealthCheck(BoardFeed feed) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            feed.State.IsConnected ? HealthCheckResult.Healthy(feed.State.Sentence) : HealthCheckResult.Degraded(feed.State.Sentence));
}
