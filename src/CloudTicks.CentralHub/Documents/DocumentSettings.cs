using System.Globalization;
using System.Text.Json;

namespace CloudTicks.CentralHub.Documents;

/// <summary>What the fields of documents are among the settings of a process.</summary>
internal static class DocumentSettings
{
    /// <summary>The fields that together select what is collected.</summary>
    public static readonly IReadOnlyList<string> Selection = ["symbols", "lists", "underlyings", "rollouts"];

    private static readonly (string Field, string Setting, Func<JsonElement, string?> Text)[] CollectorFields =
    [
        ("feed", "Collector:Feed", Word),
        ("max_expiry_days", "Collector:MaxExpiryDays", Whole),
        ("option_type", "Collector:OptionType", Word),
        ("batch_interval", "Collector:BatchInterval", value => Time(value, TimeSpan.TicksPerSecond)),
        ("spool_max_bytes", "Collector:SpoolMaxBytes", Whole),
        ("backfill", "Collector:Backfill", Truth),
        ("backfill_delay", "Collector:BackfillDelay", value => Time(value, TimeSpan.TicksPerSecond)),
        ("backfill_look_back", "Collector:BackfillLookBack", value => Time(value, TimeSpan.TicksPerDay)),
        ("refuse_crossed_currencies", "Collector:RefuseCrossedCurrencies", Truth),
        ("websocket_reconnect_delay", "Polygon:ReconnectDelay", value => Time(value, TimeSpan.TicksPerSecond)),
        ("rate_limit_per_second", "Polygon:RateLimitPerSecond", Whole),
        ("max_connections", "Polygon:MaxConnections", Whole),
        ("symbols_per_connection", "Polygon:SymbolsPerConnection", Whole),
    ];

    private static readonly (string Field, string Setting, Func<JsonElement, string?> Text)[] FunctionsFields =
    [
        ("retention_days", "Timescale:RetentionWindow", value => Time(value, TimeSpan.TicksPerDay)),
        ("refuse_crossed_currencies", "DbCommand:RefuseCrossedCurrencies", Truth),
    ];

    /// <summary>The settings of the collector.</summary>
    public static Dictionary<string, string?> OfCollector(JsonElement document)
    {
        var settings = Plain(document, CollectorFields);
        var operational = DocumentPart.Of(document, "operational");
        if (Selection.Any(field => DocumentPart.Of(operational, field).ValueKind == JsonValueKind.Array))
        {
            // All of them have a value, so that nothing of a lower layer is added to what the document names.
            settings["Collector:Symbols"] = List(operational, "symbols");
            settings["Collector:SymbolFiles"] = "";
            settings["Collector:Lists"] = List(operational, "lists");
            settings["Collector:Underlyings"] = List(operational, "underlyings");
            settings["Collector:Rollouts"] = Rollouts(document);
        }

        return settings;
    }

    /// <summary>The settings of the functions.</summary>
    public static Dictionary<string, string?> OfFunctions(JsonElement document) => Plain(document, FunctionsFields);

    private static Dictionary<string, string?> Plain(JsonElement document, (string Field, string Setting, Func<JsonElement, string?> Text)[] fields)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var operational = DocumentPart.Of(document, "operational");
        foreach (var (field, setting, text) in fields)
        {
            if (text(DocumentPart.Of(operational, field)) is { } value)
            {
                settings[setting] = value;
            }
        }

        return settings;
    }

    private static string List(JsonElement operational, string field) =>
        string.Join(',', DocumentPart.Texts(operational, field, "").Select(entry => entry.Text));

    private static string Rollouts(JsonElement document)
    {
        var rollouts = DocumentPart.Of(DocumentPart.Of(document, "operational"), "rollouts");
        if (rollouts.ValueKind != JsonValueKind.Array || rollouts.GetArrayLength() == 0)
        {
            return "";
        }

        // One setting, so that rollouts and flags replace those of a lower layer whole, and together.
        var flags = DocumentPart.Of(document, "feature_management");
        return $$"""{"operational":{"rollouts":{{rollouts.GetRawText()}}},"feature_management":{{(flags.ValueKind == JsonValueKind.Object ? flags.GetRawText() : "{}")}}}""";
    }

    private static string? Word(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string? Truth(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => bool.TrueString,
        JsonValueKind.False => bool.FalseString,
        _ => null,
    };

    private static string? Whole(JsonElement value) =>
        SchemaValue.Number(value) is { } number && number == decimal.Truncate(number) ? number.ToString("0", CultureInfo.InvariantCulture) : null;

    private static string? Time(JsonElement value, long unit) =>
        SchemaValue.Number(value) is { } number && Math.Abs(number) <= long.MaxValue / unit ? new TimeSpan((long)(number * unit)).ToString("c", CultureInfo.InvariantCulture) : null;
}
