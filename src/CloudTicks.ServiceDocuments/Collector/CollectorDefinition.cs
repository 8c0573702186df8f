using System.Text.Json;
using CloudTicks.CentralHub.Documents;
using CloudTicks.CentralHub.Lists;

namespace CloudTicks.ServiceDocuments.Collector;

/// <summary>The document of the collectors: their symbols and their settings.</summary>
public sealed class CollectorDefinition : IServiceDefinition
{
    /// <summary>The fields that select symbols.</summary>
    internal static readonly IReadOnlyList<string> Selection = ["symbols", "lists", "underlyings", "rollouts"];

    private static readonly SettingField[] Fields =
    [
        SettingField.Text("feed", "Collector:Feed"),
        SettingField.Number("max_expiry_days", "Collector:MaxExpiryDays"),
        SettingField.Text("option_type", "Collector:OptionType"),
        SettingField.Seconds("batch_interval", "Collector:BatchInterval"),
        SettingField.Number("spool_max_bytes", "Collector:SpoolMaxBytes"),
        SettingField.Flag("backfill", "Collector:Backfill"),
        SettingField.Seconds("backfill_delay", "Collector:BackfillDelay"),
        SettingField.Days("backfill_look_back", "Collector:BackfillLookBack"),
        SettingField.Flag("refuse_crossed_currencies", "Collector:RefuseCrossedCurrencies"),
        SettingField.Seconds("websocket_reconnect_delay", "Polygon:ReconnectDelay"),
        SettingField.Number("rate_limit_per_second", "Polygon:RateLimitPerSecond"),
        SettingField.Number("max_connections", "Polygon:MaxConnections"),
        SettingField.Number("symbols_per_connection", "Polygon:SymbolsPerConnection"),
    ];

    /// <inheritdoc/>
    public string Service => ServiceNames.Collector;

    /// <inheritdoc/>
    public string Schema { get; } = KnownServices.Resource($"{ServiceNames.Collector}.schema.json");

    /// <inheritdoc/>
    public string Defaults { get; } = KnownServices.Resource($"{ServiceNames.Collector}.defaults.json");

    /// <inheritdoc/>
    public bool RollsOutSymbols => true;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> FieldNames { get; } = new Dictionary<string, string>(SettingField.Names(Fields))
    {
        ["Collector:Symbols"] = "symbols",
        ["Collector:Lists"] = "lists",
        ["Collector:Underlyings"] = "underlyings",
        ["Collector:Rollouts"] = "rollouts",
    };

    /// <inheritdoc/>
    public void Check(JsonElement document, NamedLists lists, FaultList faults) => new CollectorCheck(document, lists, faults).Check();

    /// <inheritdoc/>
    public Task DescribeAsync(DocumentDifference difference, NamedLists lists, DateTimeOffset now, CancellationToken cancellationToken) =>
        CollectorDifference.DescribeAsync(difference, lists, now, cancellationToken);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string?> ToSettings(JsonElement document)
    {
        var settings = SettingField.Read(document, Fields);
        var operational = DocumentPart.Of(document, "operational");
        if (Selection.Any(field => DocumentPart.Of(operational, field).ValueKind == JsonValueKind.Array))
        {
            // Set every field, so that no selection of a lower configuration layer is added.
            settings["Collector:Symbols"] = Symbols(document, operational);
            settings["Collector:SymbolFiles"] = "";
            settings["Collector:Lists"] = List(operational, "lists");
            settings["Collector:Underlyings"] = List(operational, "underlyings");
            settings["Collector:Rollouts"] = Rollouts(document);
        }

        return settings;
    }

    /// <summary>Returns the document's symbols and those that relays added.</summary>
    private static string Symbols(JsonElement document, JsonElement operational) => string.Join(
        ',', DocumentPart.Texts(operational, "symbols", "").Select(entry => entry.Text)
            .Concat(OnDemandList.Texts(document).Select(entry => entry.Text)).Distinct(StringComparer.Ordinal));

    private static string List(JsonElement operational, string field) =>
        string.Join(',', DocumentPart.Texts(operational, field, "").Select(entry => entry.Text));

    private static string Rollouts(JsonElement document)
    {
        var rollouts = DocumentPart.Of(DocumentPart.Of(document, "operational"), "rollouts");
        if (rollouts.ValueKind != JsonValueKind.Array || rollouts.GetArrayLength() == 0)
        {
            return "";
        }

        // Put rollouts and flags into one setting, so that they replace those of a lower configuration layer together.
        var flags = DocumentPart.Of(document, "feature_management");
        var featureManagement = flags.ValueKind == JsonValueKind.Object ? flags.GetRawText() : "{}";
        return $$"""{"operational":{"rollouts":{{rollouts.GetRawText()}}},"feature_management":{{featureManagement}}}""";
    }
}
