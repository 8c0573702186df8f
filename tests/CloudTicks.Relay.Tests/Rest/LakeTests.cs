using System.Globalization;
using System.Net;
using CloudTicks.Relay.Tests.Archive;
using CloudTicks.TestServices;
using CloudTicks.Ticks;

namespace CloudTicks.Relay.Tests.Rest;

/// <summary>Ticks older than the table are read from the lake with the same result as from the archive.</summary>
[Collection(nameof(HistoryCollection))]
public class LakeTests(HistoryFixture history)
{
    private const long TableStartMs = HistoryFixture.TableStartMs;
    private const long BeginMs = TableStartMs - 60_000;
    private const long EndMs = TableStartMs + 60_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("CADJPY", TickKind.Quote, "asc")]
    [InlineData("CADSGD", TickKind.Quote, "desc")]
    [InlineData("LTC-USD", TickKind.Trade, "asc")]
    [InlineData("INTU", TickKind.Trade, "desc")]
    [InlineData("AMGN", TickKind.Quote, "asc")]
    public async Task Pages_of_lake_and_table_equal_those_of_archive_and_table(string name, TickKind kind, string order)
    {
        var ticks = new GeneratedTicks(name, kind, seed: name.Sum(letter => letter));
        await ticks.WriteAsync(history, BeginMs, TableStartMs, 300, toTable: false);
        await ticks.WriteAsync(history, TableStartMs, EndMs, 300, toTable: true);
        using var folder = await WriteLakeAsync();
        await using var archiveRelay = await HistoryRelay.StartAsync(history);
        await using var lakeRelay = await HistoryRelay.StartAsync(history, null, $"Lake:Folder={folder.Path}");

        var path = $"{ticks.Path}?order={order}&limit=41&timestamp.gte={BeginMs}000000";
        Texts(await lakeRelay.PagesAsync(path)).ShouldBe(Texts(await archiveRelay.PagesAsync(path)));
        (await lakeRelay.PagesAsync($"{ticks.Path}?order={order}&limit=41")).Count.ShouldBe(ticks.Expected.Count);
    }

    [Theory]
    [InlineData("EURSEK", TickKind.Quote, "asc")]
    [InlineData("ADBE", TickKind.Trade, "desc")]
    public async Task Bars_of_lake_and_table_equal_those_of_archive_and_table(string name, TickKind kind, string sort)
    {
        var ticks = new GeneratedTicks(name, kind, seed: name.Sum(letter => letter));
        await ticks.WriteAsync(history, BeginMs, TableStartMs, 300, toTable: false);
        await ticks.WriteAsync(history, TableStartMs, EndMs, 300, toTable: true);
        using var folder = await WriteLakeAsync();
        await using var archiveRelay = await HistoryRelay.StartAsync(history);
        await using var lakeRelay = await HistoryRelay.StartAsync(history, null, $"Lake:Folder={folder.Path}");
        foreach (var span in (string[])["7/second", "1/minute", "1/hour", "1/day", "1/week"])
        {
            var path = string.Create(
                CultureInfo.InvariantCulture, $"/v2/aggs/ticker/{ticks.Ticker}/range/{span}/{BeginMs}/{EndMs}?sort={sort}&limit=10");
            Texts(await lakeRelay.PagesAsync(path)).ShouldBe(Texts(await archiveRelay.PagesAsync(path)), span);
        }
    }

    [Fact]
    public async Task Last_tick_older_than_the_table_comes_from_the_lake()
    {
        var trades = new GeneratedTicks("TXN", TickKind.Trade, seed: 11);
        var quotes = new GeneratedTicks("CHFJPY", TickKind.Quote, seed: 12);
        foreach (var ticks in (GeneratedTicks[])[trades, quotes])
        {
            await ticks.WriteOneAsync(history, BeginMs, toTable: false);
            await ticks.WriteOneAsync(history, BeginMs + 7, toTable: false);
        }

        using var folder = await WriteLakeAsync();
        await using var withoutLake = await HistoryRelay.StartAsync(history);
        await using var relay = await HistoryRelay.StartAsync(history, null, $"Lake:Folder={folder.Path}");

        (await withoutLake.GetAsync("/v2/last/trade/TXN")).Status.ShouldBe(HttpStatusCode.NotFound);
        var trade = (await relay.JsonAsync("/v2/last/trade/TXN")).GetProperty("results");
        trade.GetProperty("t").GetInt64().ShouldBe((BeginMs + 7) * 1_000_000);
        trade.EnumerateObject().Select(member => member.Name).ShouldBe(["T", "c", "i", "p", "s", "x", "q", "t"]);
        var pair = (await relay.JsonAsync("/v1/last_quote/currencies/CHF/JPY")).GetProperty("last");
        pair.GetProperty("timestamp").GetInt64().ShouldBe(BeginMs + 7);

        var (status, json) = await relay.GetAsync("/v2/last/trade/NONE");
        status.ShouldBe(HttpStatusCode.NotFound);
        json.GetProperty("message").GetString()!.ShouldContain("nor the lake has one");
    }

    [Fact]
    public async Task Damaged_lake_gets_503_that_names_the_repair_command()
    {
        var ticks = new GeneratedTicks("GBPNZD", TickKind.Quote, seed: 5);
        await ticks.WriteAsync(history, BeginMs, TableStartMs, 50, toTable: false);
        await ticks.WriteAsync(history, TableStartMs, EndMs, 50, toTable: true);
        using var folder = await WriteLakeAsync();
        foreach (var file in Directory.GetFiles(folder.Path, "*.parquet", SearchOption.AllDirectories))
        {
            await File.WriteAllTextAsync(file, "no Parquet", Cancellation);
        }

        await using var relay = await HistoryRelay.StartAsync(history, null, $"Lake:Folder={folder.Path}");
        var (status, json) = await relay.GetAsync($"{ticks.Path}?order=asc&timestamp.gte={BeginMs}000000");

        status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        json.ToString().ShouldContain("cloudticks lake repair");
    }

    private static List<string> Texts(IEnumerable<System.Text.Json.JsonElement> rows) => [.. rows.Select(row => row.GetRawText())];

    /// <summary>Writes a lake with all current records of the archive.</summary>
    private async Task<TemporaryFolder> WriteLakeAsync()
    {
        var folder = new TemporaryFolder();
        await ArchiveLake.WriteAsync(history.HubAddress, folder, Cancellation);
        return folder;
    }
}
