using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Rollouts;
using CloudTicks.CentralHub.Store.Documents;

namespace CloudTicks.Functions.Rollouts;

/// <summary>
/// A feature flag with the lists that it turns on, as they were from one version of the document until the next change to them.
/// </summary>
/// <param name="Flag">The flag; null when absent.</param>
internal sealed record FlagState(ConfigVersion Since, JsonObject Document, JsonObject? Flag)
{
    private string Lists { get; init; } = "";

    public static FlagState Of(ConfigVersion version, JsonObject document, string flag) =>
        new(version, document, RolloutEdit.Find(document, flag)) { Lists = string.Join('\n', ListsOf(document, flag)) };

    public bool IsSameAs(FlagState other) => JsonNode.DeepEquals(Flag, other.Flag) && Lists == other.Lists;

    private static IEnumerable<string> ListsOf(JsonObject document, string flag)
    {
        try
        {
            return [.. RolloutPlan.Read(document).Rollouts.Where(rollout => rollout.Flag == flag).Select(rollout => rollout.List)];
        }
        catch (FormatException)
        {
            // Another program version wrote the document, with rollouts that this version cannot interpret.
            return [];
        }
    }
}
