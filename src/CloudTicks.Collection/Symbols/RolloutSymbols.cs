using CloudTicks.CentralHub.Lists;
using CloudTicks.CentralHub.Rollouts;
using CloudTicks.Ticks;

namespace CloudTicks.Collection.Symbols;

internal sealed class RolloutSymbols
{
    public static readonly RolloutSymbols None = new(RolloutPlan.None, null);

    private readonly RolloutPlan _plan;
    private readonly string? _listFolder;

    private RolloutSymbols(RolloutPlan plan, string? listFolder) => (_plan, _listFolder) = (plan, listFolder);

    public bool IsEmpty => _plan.Rollouts.Count == 0;

    /// <summary>Whether a time window can enable or disable symbols.</summary>
    public bool DependsOnTime => _plan.DependsOnTime;

    /// <summary>Reads the rollouts of the settings and checks that their lists exist.</summary>
    /// <exception cref="CollectorException">A rollout or its list is invalid.</exception>
    public static RolloutSymbols Read(CollectorOptions options)
    {
        if (options.Rollouts?.Problem is { } problem)
        {
            throw new CollectorException($"Collector:Rollouts cannot be read: {problem}");
        }

        try
        {
            var rollouts = new RolloutSymbols(options.Rollouts?.Plan ?? RolloutPlan.None, options.ListFolder);
            foreach (var rollout in rollouts._plan.Rollouts)
            {
                new NamedLists(options.ListFolder).Read(rollout.List);
            }

            return rollouts;
        }
        catch (SymbolListException exception)
        {
            throw new CollectorException(exception.Message, exception);
        }
    }

    /// <summary>The enabled symbols, in the order of rollouts and lists.</summary>
    /// <exception cref="CollectorException">A flag cannot be evaluated, or a list cannot be read.</exception>
    public async Task<IReadOnlyList<Symbol>> ReadEnabledAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (IsEmpty)
        {
            return [];
        }

        try
        {
            var states = await _plan.EvaluateAsync(new NamedLists(_listFolder), now, cancellationToken);
            return [.. states.SelectMany(state => state.On).Distinct()];
        }
        catch (Exception exception) when (exception is FormatException or SymbolListException)
        {
            throw new CollectorException(exception.Message, exception);
        }
    }
}
