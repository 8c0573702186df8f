using System.Text.Json.Nodes;

namespace CloudTicks.CentralHub.Rollouts;

/// <summary>Parts of a feature flag as it stands in a document. The library takes the names within filters in any case.</summary>
internal static class FlagJson
{
    private const string Audience = "Audience";
    private const string DefaultPercentage = "DefaultRolloutPercentage";

    public static JsonObject? Find(IEnumerable<JsonObject> flags, string id) =>
        flags.FirstOrDefault(flag => string.Equals((string?)flag["id"], id, StringComparison.OrdinalIgnoreCase));

    public static bool HasId(JsonObject flag) => flag["id"] is JsonValue id && id.TryGetValue(out string? text) && text.Length > 0;

    public static IEnumerable<JsonObject> Filters(JsonObject flag) =>
        (flag["conditions"]?["client_filters"] as JsonArray ?? []).OfType<JsonObject>();

    public static bool IsEnabled(JsonObject flag) => flag["enabled"] is JsonValue value
        && (value.TryGetValue(out bool enabled) ? enabled : value.TryGetValue(out string? text) && bool.TryParse(text, out enabled)
            && enabled);

    /// <summary>The percentage of its targeting, or of its percentage filter; null when it has neither.</summary>
    public static double? Percentage(JsonObject flag) =>
        Filters(flag).Select(PercentageOf).FirstOrDefault(percentage => percentage is not null);

    /// <summary>Sets the percentage of its filter, adding targeting where it has none; false when other kinds of filters decide.</summary>
    public static bool TrySetPercentage(JsonObject flag, double percentage)
    {
        foreach (var filter in Filters(flag))
        {
            if (SymbolFilters.IsSame((string?)filter["name"], SymbolFilters.Targeting))
            {
                Part(Part(filter, "parameters"), Audience)[Name(Part(Part(filter, "parameters"), Audience), DefaultPercentage)] =
                    percentage;
                return true;
            }

            if (SymbolFilters.IsSame((string?)filter["name"], SymbolFilters.Percentage))
            {
                Part(filter, "parameters")[Name(Part(filter, "parameters"), "Value")] = percentage;
                return true;
            }
        }

        var conditions = Part(flag, "conditions");
        if (conditions["client_filters"] is JsonArray { Count: > 0 }
            && !string.Equals((string?)conditions["requirement_type"], "All", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var filters = conditions["client_filters"] as JsonArray;
        if (filters is null)
        {
            conditions["client_filters"] = filters = [];
        }

        filters.Add((JsonNode)new JsonObject
        {
            ["name"] = SymbolFilters.Targeting,
            ["parameters"] = new JsonObject { [Audience] = new JsonObject { [DefaultPercentage] = percentage } },
        });
        return true;
    }

    private static double? PercentageOf(JsonObject filter)
    {
        if (filter["parameters"] is not JsonObject parameters)
        {
            return null;
        }

        return SymbolFilters.IsSame((string?)filter["name"], SymbolFilters.Targeting)
            && parameters[Name(parameters, Audience)] is JsonObject audience
                ? RolloutJson.Number(audience, Name(audience, DefaultPercentage)) ?? 0
            : SymbolFilters.IsSame((string?)filter["name"], SymbolFilters.Percentage)
            ? RolloutJson.Number(parameters, Name(parameters, "Value"))
            : null;
    }

    private static JsonObject Part(JsonObject json, string name)
    {
        var known = Name(json, name);
        if (json[known] is not JsonObject part)
        {
            json[known] = part = [];
        }

        return part;
    }

    /// <summary>A name as it is written here.</summary>
    private static string Name(JsonObject json, string name) =>
        json.Select(property => property.Key).FirstOrDefault(key => string.Equals(key, name, StringComparison.OrdinalIgnoreCase)) ?? name;
}
