using System.Text.Json.Nodes;

namespace CloudTicks.CentralHub.Rollouts;

/// <summary>Changes one feature flag of a document, and leaves all else of it as it is.</summary>
public static class RolloutEdit
{
    /// <summary>Gives a flag a percentage, and enables it: whoever wants a quarter on wants it on.</summary>
    /// <param name="percentage">0 to 100.</param>
    /// <exception cref="RolloutEditException">The flag is not there, or has filters beside which a percentage would mean
    /// nothing.</exception>
    public static void SetPercentage(JsonObject document, string flag, double percentage)
    {
        var json = Require(document, flag);
        if (!FlagJson.TrySetPercentage(json, percentage))
        {
            throw new RolloutEditException(
                $"The feature flag '{flag}' has filters but no targeting, and any of them turns it on: add {SymbolFilters.Targeting} to "
                    + $"its conditions first, or have all "
                + "of them hold (\"requirement_type\":\"All\").",
                isMissing: false);
        }

        json["enabled"] = true;
    }

    /// <summary>Enables a flag, or disables it; its percentage stays what it is.</summary>
    /// <exception cref="RolloutEditException">The flag is not there.</exception>
    public static void SetEnabled(JsonObject document, string flag, bool enabled) => Require(document, flag)["enabled"] = enabled;

    /// <summary>Restores a flag; one that was absent, or the same, is disabled, because what is taken back is off.</summary>
    public static void Restore(JsonObject document, string flag, JsonObject? earlier)
    {
        var now = Require(document, flag);
        if (earlier is null || JsonNode.DeepEquals(now, earlier))
        {
            now["enabled"] = false;
            return;
        }

        var flags = now.Parent!.AsArray();
        flags[flags.IndexOf(now)] = earlier.DeepClone();
    }

    /// <summary>A flag of a document.</summary>
    /// <returns>The flag, within the document; null when it is not there.</returns>
    public static JsonObject? Find(JsonObject document, string flag) => FlagJson.Find(Flags(document), flag);

    /// <summary>The ids of all flags of a document.</summary>
    public static IReadOnlyList<string> FlagsOf(JsonObject document) =>
        [.. Flags(document).Select(flag => (string?)flag["id"]).OfType<string>()];

    /// <summary>Whether a flag is enabled at all.</summary>
    public static bool IsEnabled(JsonObject flag) => FlagJson.IsEnabled(flag);

    /// <summary>The percentage of a flag's targeting.</summary>
    /// <returns>0 to 100; null when it has none.</returns>
    public static double? Percentage(JsonObject flag) => FlagJson.Percentage(flag);

    private static IEnumerable<JsonObject> Flags(JsonObject document) =>
        ((document["feature_management"] as JsonObject)?["feature_flags"] as JsonArray ?? []).OfType<JsonObject>();

    /// <summary>A flag of a document, which must be there.</summary>
    /// <exception cref="RolloutEditException">It is not.</exception>
    public static JsonObject Require(JsonObject document, string flag) => Find(document, flag) ?? throw new RolloutEditException(
        FlagsOf(document) is { Count: > 0 } flags
            ? $"There is no feature flag '{flag}'; there are {string.Join(", ", flags)}."
            : $"There is no feature flag '{flag}', nor any other: add it to feature_management.feature_flags of the document, and, "
                + "where flags turn on symbols, a rollout that names it.",
        isMissing: true);
}
