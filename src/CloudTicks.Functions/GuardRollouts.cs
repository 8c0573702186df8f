using CloudTicks.Functions.Rollouts;
using CloudTicks.Functions.Storing;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions;

/// <summary>Rolls back a rollout's step when its guard triggers.</summary>
/// <param name="schema">Waits until the database is ready.</param>
public sealed class GuardRollouts(SchemaReadiness schema, RolloutGuards guards)
{
    /// <summary>Checks the guards, every two seconds.</summary>
    [Function(nameof(GuardRollouts))]
    public async Task RunAsync([TimerTrigger("*/2 * * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        await schema.WaitAsync(cancellationToken);
        await guards.CheckAsync(cancellationToken);
    }
}
