using System.Collections.Concurrent;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CloudTicks.Functions.Hosting.EventHubs;

/// <summary>Reports in <c>/health</c> which partitions and functions have problems, and why.</summary>
internal sealed class TriggerHealth : IHealthCheck
{
    public const string Name = "functions";

    private const int MaxListed = 5;
    private readonly ConcurrentDictionary<(string Function, int Partition), (HealthStatus Status, string Text)> _problems = new();

    /// <summary>The pseudo partition of a problem that affects a whole function.</summary>
    public const int AllPartitions = -1;

    /// <summary>The pseudo partition of a problem with a function's checkpoints.</summary>
    public const int Checkpoints = -2;

    public void Report(string function, int partition, HealthStatus status, string text) =>
        _problems[(function, partition)] = (status, text);

    public void Clear(string function, int partition) => _problems.TryRemove((function, partition), out _);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var problems = _problems.ToArray();
        if (problems.Length == 0)
        {
            return Task.FromResult(HealthCheckResult.Healthy());
        }

        var worst = problems.Min(problem => problem.Value.Status);
        var text = string.Join(' ', problems.OrderBy(problem => problem.Key).Take(MaxListed).Select(problem => problem.Value.Text));
        var rest = problems.Length > MaxListed ? $" And {problems.Length - MaxListed} more." : "";
        return Task.FromResult(new HealthCheckResult(worst, text + rest));
    }
}
