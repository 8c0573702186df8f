using CloudTicks.Functions.Rollouts;
using CloudTicks.Functions.Storing;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions;

/// <summary>Takes a step of a rollout back when its guard says so.</summary>
/// <param name="schema">Holds back until the database is ready.</param>
/// <param name="guards">Does it.</param>
public sealed class GuardRollouts(SchemaReadiness schema, RolloutGuards guards)
{
    /// <summary>Looks, every two seconds.</summary>
    /// <param name="timer">The timer.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    [Function(nameof(GuardRollouts))]
    public async Task RunAsync([TimerTrigger("*/2 * * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        await schema.WaitAsync(cancellationToken);
        await guards.LookAsync(cancellationToken);
    }
}
