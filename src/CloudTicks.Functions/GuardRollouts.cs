using CloudTicks.Functions.Rollouts;
using CloudTicks.Functions.Storing;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions;

/// <summary>Takes a step of a rollout back when its guard says so.</summary>
/// <param name="schema">Holds back until the database is ready.</param>
public sealed class GuardRollouts(SchemaReadiness schema, RolloutGuards guards)
{
    /// <summary>Looks, every two seconds.</summary>
    [Function(nameof(GuardRollouts))]
    public async Task RunAsync([TimerTrigger("*/2 * * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        await schema.WaitAsync(cancellationToken);
        await guards.LookAsync(cancellationToken);
    }
}
