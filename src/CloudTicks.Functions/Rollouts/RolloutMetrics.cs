using System.Diagnostics.Metrics;

namespace CloudTicks.Functions.Rollouts;

/// <summary>Meter <c>CloudTicks.Functions</c>: actions of rollout guards.</summary>
public sealed class RolloutMetrics
{
    private readonly Counter<long> _rolledBack;
    private readonly Counter<long> _failed;

    /// <summary>Creates the instruments.</summary>
    public RolloutMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("CloudTicks.Functions");
        _rolledBack = meter.CreateCounter<long>("cloudticks.rollouts.taken_back", "{step}", "Steps that a guard rolled back, by flag");
        _failed = meter.CreateCounter<long>(
            "cloudticks.rollouts.not_looked", "{look}", "Guard checks that failed because the database was unavailable");
    }

    internal void RolledBack(string flag) => _rolledBack.Add(1, new KeyValuePair<string, object?>("flag", flag));

    internal void Failed() => _failed.Add(1);
}
