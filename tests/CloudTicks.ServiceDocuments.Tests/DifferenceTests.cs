using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Documents;
using CloudTicks.CentralHub.Lists;

namespace CloudTicks.ServiceDocuments.Tests;

public class DifferenceTests
{
    private static readonly ServiceDocument Collector = KnownServices.Documents.Find(ServiceNames.Collector)!;
    private static readonly NamedLists Lists = new(null);

    [Fact]
    public async Task Difference_lists_symbols_one_by_one() =>
        (await ChangesAsync("""{"operational":{"symbols":["EURUSD","XAUUSD","GBPUSD","EURAUD"]}}""")).ShouldBe(
        [
            "subscribe EURAUD", "unsubscribe USDJPY", "unsubscribe AUDUSD", "unsubscribe USDCAD", "unsubscribe NZDUSD",
            "unsubscribe EURGBP", "unsubscribe EURJPY",
            "unsubscribe GBPJPY", "unsubscribe AUDJPY", "unsubscribe NZDJPY", "unsubscribe USDCHF", "unsubscribe XAGUSD",
        ]);

    [Theory]
    [InlineData("""{"operational":{"rate_limit_per_second":10,"batch_interval":0.5}}""", "batch_interval: not set -> 0.5",
        "rate_limit_per_second: 5 -> 10")]
    [InlineData("""{"operational":{"rate_limit_per_second":5.0}}""")]
    [InlineData("""{"operational":{"websocket_reconnect_delay":null}}""", "websocket_reconnect_delay: 5 -> not set")]
    [InlineData("""{"operational":{"underlyings":["SPY"]}}""", "subscribe the options of SPY")]
    [InlineData("""{"operational":{"lists":["metals"]}}""", "subscribe XPTUSD", "subscribe XPDUSD", "lists: not set -> metals")]
    [InlineData("""{"feature_management":{"feature_flags":[{"id":"a"}]}}""", "feature flag a is new")]
    public async Task Difference_describes_changes(string patch, params string[] lines) => (await ChangesAsync(patch)).ShouldBe(lines);

    [Fact]
    public async Task Difference_in_symbol_order_is_reported_once()
    {
        var other = Collector.Defaults();
        var symbols = other["operational"]!["symbols"]!.AsArray();
        other["operational"]!["symbols"] = new JsonArray([.. symbols.Reverse().Select(symbol => symbol!.DeepClone())]);

        (await ChangesAsync(Collector.Defaults(), other)).ShouldHaveSingleItem().ShouldContain("order");
    }

    [Fact]
    public async Task Difference_many_symbols_share_a_line()
    {
        var lines = await ChangesAsync("""{"operational":{"lists":["sp-500"]}}""");

        lines.Count.ShouldBe(2);
        lines[0].ShouldStartWith("subscribe ");
        lines[0].ShouldContain("AAPL, ");
    }

    [Fact]
    public async Task Difference_of_an_old_document_reports_missing_lists()
    {
        var old = JsonNode.Parse("""{"operational":{"symbols":["AAPL"],"lists":["gone"]}}""")!.AsObject();

        var lines = await ChangesAsync(old, Collector.Defaults());

        lines.ShouldContain("unsubscribe AAPL");
        lines.ShouldContain(line => line.StartsWith("before: There is no list of symbols 'gone'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Difference_of_the_functions_lists_their_fields()
    {
        var functions = KnownServices.Documents.Find(ServiceNames.Functions)!;
        var after = JsonNode.Parse("""{"operational":{"retention_days":1}}""")!.AsObject();

        (await functions.DifferenceAsync(
            functions.Defaults(), after, Lists, DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken))
            .ShouldBe(["retention_days: 3 -> 1"]);
    }

    private static Task<IReadOnlyList<string>> ChangesAsync(string patch) =>
        ChangesAsync(Collector.Defaults(), MergePatch.Apply(Collector.Defaults(), JsonNode.Parse(patch))!.AsObject());

    private static Task<IReadOnlyList<string>> ChangesAsync(JsonObject before, JsonObject after) =>
        Collector.DifferenceAsync(before, after, Lists, DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken);
}
