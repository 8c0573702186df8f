using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Documents;

namespace CloudTicks.ServiceDocuments.Tests;

public class SettingsTests
{
    private static readonly ServiceDocument Collector = KnownServices.Documents.Find(ServiceNames.Collector)!;

    [Fact]
    public void Symbols_override_the_selection_of_lower_layers()
    {
        Settings("""{"operational":{"symbols":["EURUSD","XAUUSD"]}}""").ShouldBe(
            new Dictionary<string, string?>
            {
                ["Collector:Symbols"] = "EURUSD,XAUUSD",
                ["Collector:SymbolFiles"] = "",
                ["Collector:Lists"] = "",
                ["Collector:Underlyings"] = "",
                ["Collector:Rollouts"] = "",
            },
            ignoreOrder: true);
    }

    [Fact]
    public void Settings_of_rollouts_include_their_flags()
    {
        var settings = Settings(
            """{"operational":{"rollouts":[{"flag":"a","list":"dow-30"}]},"feature_management":{"feature_flags":[{"id":"a"}]}}""");

        settings["Collector:Symbols"].ShouldBe("");
        JsonNode.DeepEquals(
            JsonNode.Parse(settings["Collector:Rollouts"]!),
            JsonNode.Parse(
                """{"operational":{"rollouts":[{"flag":"a","list":"dow-30"}]},"feature_management":{"feature_flags":[{"id":"a"}]}}"""))
                    .ShouldBeTrue();
    }

    [Fact]
    public void Settings_use_the_names_and_units_of_the_options() =>
        Settings(
            """
            {"operational":{"feed":"quotes","max_expiry_days":7,"option_type":"call","batch_interval":0.25,"spool_max_bytes":1e9,"backfill":false,"backfill_delay":90,
             "backfill_look_back":1.5,"websocket_reconnect_delay":2,"rate_limit_per_second":10.0,"max_connections":4,"symbols_per_connection":1000,
             "refuse_crossed_currencies":true}}
            """).ShouldBe(
            new Dictionary<string, string?>
            {
                ["Collector:Feed"] = "quotes",
                ["Collector:MaxExpiryDays"] = "7",
                ["Collector:OptionType"] = "call",
                ["Collector:BatchInterval"] = "00:00:00.2500000",
                ["Collector:SpoolMaxBytes"] = "1000000000",
                ["Collector:Backfill"] = "False",
                ["Collector:BackfillDelay"] = "00:01:30",
                ["Collector:BackfillLookBack"] = "1.12:00:00",
                ["Collector:RefuseCrossedCurrencies"] = "True",
                ["Polygon:ReconnectDelay"] = "00:00:02",
                ["Polygon:RateLimitPerSecond"] = "10",
                ["Polygon:MaxConnections"] = "4",
                ["Polygon:SymbolsPerConnection"] = "1000",
            },
            ignoreOrder: true);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"operational":{"of_tomorrow":1,"rate_limit_per_second":"many","symbols":"EURUSD","batch_interval":1e300}}""")]
    [InlineData("""{"operational":7,"feature_management":[]}""")]
    public void Settings_skip_unknown_and_invalid_fields(string document) => Settings(document).ShouldBeEmpty();

    [Fact]
    public void Settings_of_the_functions_use_their_options() =>
        KnownServices.Documents.Find(ServiceNames.Functions)!
            .ToSettings(JsonNode.Parse("""{"operational":{"retention_days":7,"refuse_crossed_currencies":false}}""")!.AsObject())
            .ShouldBe(
                new Dictionary<string, string?>
                {
                    ["Timescale:RetentionWindow"] = "7.00:00:00",
                    ["DbCommand:RefuseCrossedCurrencies"] = "False",
                },
                ignoreOrder: true);

    private static IReadOnlyDictionary<string, string?> Settings(string document) =>
        Collector.ToSettings(JsonNode.Parse(document)!.AsObject());
}
