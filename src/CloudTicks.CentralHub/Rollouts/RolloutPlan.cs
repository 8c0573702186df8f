using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Lists;
using CloudTicks.Ticks;
using Microsoft.FeatureManagement.FeatureFilters;

namespace CloudTicks.CentralHub.Rollouts;

/// <summary>The rollouts of a document. Microsoft.FeatureManagement evaluates their feature flags.</summary>
public sealed class RolloutPlan
{
    /// <summary>No rollouts.</summary>
    public static readonly RolloutPlan None = new([], new FeatureFlags([]));

    private static readonly string[] Stock = ["stock", "stocks"];
    private static readonly string[] Option = ["option", "options"];
    private static readonly string[] Forex = ["forex"];
    private static readonly string[] Crypto = ["crypto"];

    private readonly FeatureFlags _flags;

    private RolloutPlan(IReadOnlyList<Rollout> rollouts, FeatureFlags flags) => (Rollouts, _flags) = (rollouts, flags);

    /// <summary>The names of the groups that stand for markets. A symbol also belongs to the group of its list.</summary>
    public static IReadOnlyList<string> MarketGroups { get; } = [.. Stock, .. Option, .. Forex, .. Crypto];

    /// <summary>The rollouts.</summary>
    public IReadOnlyList<Rollout> Rollouts { get; }

    /// <summary>Whether time alone can turn symbols on or off.</summary>
    public bool DependsOnTime => Rollouts.Any(rollout => _flags.HasFilter(rollout.Flag, SymbolFilters.TimeWindow));

    /// <summary>Reads <c>operational.rollouts</c> and <c>feature_management</c> of a valid document.</summary>
    /// <exception cref="FormatException">The rollouts cannot be read.</exception>
    public static RolloutPlan Read(JsonObject document)
    {
        try
        {
            return document["operational"]?["rollouts"] is JsonArray { Count: > 0 } rollouts
                ? new RolloutPlan([.. rollouts.Select(RolloutJson.Read)], FeatureFlags.Read(document["feature_management"]))
                : None;
        }
        catch (InvalidOperationException exception)
        {
            throw new FormatException($"The rollouts cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Evaluates the flags for each symbol of each list. Symbols stay on as a percentage grows.</summary>
    /// <exception cref="SymbolListException">A list does not exist, or its file is invalid.</exception>
    /// <exception cref="FormatException">A flag cannot be evaluated. The message names it.</exception>
    public async Task<IReadOnlyList<RolloutState>> EvaluateAsync(NamedLists lists, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var states = new List<RolloutState>(Rollouts.Count);
        if (Rollouts.Count > 0)
        {
            using var evaluation = _flags.At(now);
            foreach (var rollout in Rollouts)
            {
                var list = lists.Spelling(rollout.List);
                var (on, off) = (new List<Symbol>(), new List<Symbol>());
                foreach (var symbol in lists.Read(rollout.List).Distinct())
                {
                    var isOn = await evaluation.IsOnAsync(rollout.Flag, ContextOf(symbol, list), cancellationToken);
                    (isOn ? on : off).Add(symbol);
                }

                states.Add(new RolloutState(rollout, _flags.IsEnabled(rollout.Flag), _flags.Percentage(rollout.Flag), on, off));
            }
        }

        return states;
    }

    /// <summary>
    /// Creates the library's context: the symbol is the user, and its groups are its list and its market. A market has two names if ticks
    /// (<c>stock</c>) and Polygon's URLs (<c>stocks</c>) name it differently.
    /// </summary>
    private static TargetingContext ContextOf(Symbol symbol, string list) => new()
    {
        UserId = symbol.Name,
        Groups = symbol.Market switch
        {
            Market.Stock => [.. Stock, list],
            Market.Option => [.. Option, list],
            Market.Forex => [.. Forex, list],
            _ => [.. Crypto, list],
        },
    };
}
