using System.Text.Json.Nodes;

namespace CloudTicks.CentralHub.Rollouts;

/// <summary>Changes one feature flag of a document and nothing else.</summary>
public static class RolloutEdit
{
    /// <summary>Sets the percentage of a flag and enables the flag.</summary>
    /// <param name="percentage">0 to 100.</param>
    /// <exception cref="RolloutEditException">The flag does not exist, or its other filters would override the percentage.</exception>
    public static void SetPercentage(JsonObject document, string flag, double percentage)
    {
        var json = Require(document, flag);
        if (!FlagJson.TrySetPercentage(json, percentage))
        {
            throw new RolloutEditException(
                $"A percentage would not limit the feature flag '{flag}', because each of its other filters alone turns it on: "
                + "require all filters (\"requirement_type\":\"All\" in its conditions), or remove the other filters.",
                isMissing: false);
        }

        json["enabled"] = true;
    }

    /// <summary>Enables or disables a flag. Its percentage does not change.</summary>
    /// <exception cref="RolloutEditException">The flag does not exist.</exception>
    public static void SetEnabled(JsonObject document, string flag, bool enabled) => Require(document, flag)["enabled"] = enabled;

    /// <summary>Rolls a flag back to an earlier state. Disables the flag if that state is null or equals the current one.</summary>
    /// <exception cref="RolloutEditException">The flag does not exist.</exception>
    public static void Restore(JsonObject document, string flag, JsonObject? earlier)
    {
        var current = Require(document, flag);
        if (earlier is null || JsonNode.DeepEquals(current, earlier))
        {
            current["enabled"] = false;
            return;
        }

        var flags = current.Parent!.AsArray();
        flags[flags.IndexOf(current)] = earlier.DeepClone();
    }

    /// <summary>Finds a flag of a document.</summary>
    /// <returns>The flag within the document; null when it does not exist.</returns>
    public static JsonObject? Find(JsonObject document, string flag) => FlagJson.Find(Flags(document), flag);

    /// <summary>Returns the ids of all flags of a document.</summary>
    public static IReadOnlyList<string> FlagsOf(JsonObject document) =>
        [.. Flags(document).Select(flag => (string?)flag["id"]).OfType<string>()];

    /// <summary>Returns whether a flag is enabled.</summary>
    public static bool IsEnabled(JsonObject flag) => FlagJson.IsEnabled(flag);

    /// <summary>Returns the percentage of a flag's targeting or percentage filter.</summary>
    /// <returns>0 to 100; null if the flag has neither.</returns>
    public static double? Percentage(JsonObject flag) => FlagJson.Percentage(flag);

    private static IEnumerable<JsonObject> Flags(JsonObject document) =>
        ((document["feature_management"] as JsonObject)?["feature_flags"] as JsonArray ?? []).OfType<JsonObject>();

    /// <summary>Finds a flag that must exist.</summary>
    /// <exception cref="RolloutEditException">The flag does not exist.</exception>
    public static JsonObject Require(JsonObject document, string flag) => Find(document, flag) ?? throw new RolloutEditException(
        FlagsOf(document) is { Count: > 0 } flags
            ? $"There is no feature flag '{flag}'; the flags are {string.Join(", ", flags)}."
            : $"The document has no feature flags: add '{flag}' to feature_management.feature_flags and, where flags turn on symbols, "
            + "a rollout that names it.",
        isMissing: true);
}
