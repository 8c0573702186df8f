using System.Text.Json.Nodes;

namespace CloudTicks.CentralHub.Rollouts;

/// <summary>Reads and edits a feature flag in a document. Ignores the case of names within filters, as the library does.</summary>
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

    /// <summary>Returns the percentage of the flag's targeting or percentage filter; null if the flag has neither.</summary>
    public static double? Percentage(JsonObject flag) =>
        Filters(flag).Select(PercentageOf).FirstOrDefault(percentage => percentage is not null);

    /// <summary>
    /// Sets the percentage of the flag's targeting or percentage filter, or adds a targeting filter if the flag has neither. Returns false
    /// if the flag has other filters and each of them alone turns the flag on, because an added percentage would then not limit the flag.
    /// </summary>
    public static bool TrySetPercentage(JsonObject flag, double percentage)
    {
        foreach (var filter in Filters(flag))
        {
            if (SymbolFilters.IsSame((string?)filter["name"], SymbolFilters.Targeting))
            {
                var audience = GetOrAdd(GetOrAdd(filter, "parameters"), Audience);
                audience[ActualName(audience, DefaultPercentage)] = percentage;
                return true;
            }

            if (SymbolFilters.IsSame((string?)filter["name"], SymbolFilters.Percentage))
            {
                var parameters = GetOrAdd(filter, "parameters");
                parameters[ActualName(parameters, "Value")] = percentage;
                return true;
            }
        }

        var conditions = GetOrAdd(flag, "conditions");
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
            && parameters[ActualName(parameters, Audience)] is JsonObject audience
                ? RolloutJson.Number(audience, ActualName(audience, DefaultPercentage)) ?? 0
            : SymbolFilters.IsSame((string?)filter["name"], SymbolFilters.Percentage)
            ? RolloutJson.Number(parameters, ActualName(parameters, "Value"))
            : null;
    }

    private static JsonObject GetOrAdd(JsonObject json, string name)
    {
        var known = ActualName(json, name);
        if (json[known] is not JsonObject part)
        {
            json[known] = part = [];
        }

        return part;
    }

    /// <summary>Returns the name as the object spells it, ignoring case.</summary>
    private static string ActualName(JsonObject json, string name) =>
        json.Select(property => property.Key).FirstOrDefault(key => string.Equals(key, name, StringComparison.OrdinalIgnoreCase)) ?? name;
}
