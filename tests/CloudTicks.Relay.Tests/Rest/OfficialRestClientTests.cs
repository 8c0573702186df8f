using System.Text.Json;
using CloudTicks.Simulator.Tests.Rest;
using CloudTicks.TestServices;
using CloudTicks.Ticks;

namespace CloudTicks.Relay.Tests.Rest;

/// <summary>Tests the relay's REST endpoints with Polygon's unmodified JavaScript client.</summary>
[Collection(nameof(HistoryCollection))]
public class OfficialRestClientTests(HistoryFixture history)
{
    private const long TableStartMs = HistoryFixture.TableStartMs;

    private static readonly NodeScripts Scripts =
        new(Path.Combine(AppContext.BaseDirectory, "Clients", "node"), "simulator-clients");

    [Fact]
    public async Task Client_reads_pages_last_ticks_bars_and_status()
    {
        var trades = new GeneratedTicks("AMZN", TickKind.Trade, 12);
        var quotes = new GeneratedTicks("EURCHF", TickKind.Quote, 12);
        foreach (var ticks in (GeneratedTicks[])[trades, quotes])
        {
            await ticks.WriteAsync(history, TableStartMs - 5_000, TableStartMs, 120, toTable: false);
            await ticks.WriteAsync(history, TableStartMs, TableStartMs + 5_000, 120, toTable: true);
        }

        await using var relay = await HistoryRelay.StartAsync(history);

        var responses = await RunAsync(relay, "AMZN", "EUR", "CHF", "2025-01-27", "50");

        Rows(responses, "trades", "AMZN", TickKind.Trade).ShouldBe(trades.Expected, ignoreOrder: true);
        Rows(responses, "quotes", "C:EUR-CHF", TickKind.Quote).ShouldBe(quotes.Expected, ignoreOrder: true);
        var last = trades.Expected.Max(tick => tick.Ms);
        responses.GetProperty("lastTrade").GetProperty("results").GetProperty("t").GetInt64().ShouldBe(last * 1_000_000);
        responses.GetProperty("lastQuote").GetProperty("last").GetProperty("timestamp").GetInt64()
            .ShouldBe(quotes.Expected.Max(tick => tick.Ms));
        responses.GetProperty("bars").GetProperty("results").EnumerateArray().Sum(bar => bar.GetProperty("n").GetInt32()).ShouldBe(240);
        responses.GetProperty("pairBars").GetProperty("results")[0].GetProperty("n").GetInt32().ShouldBe(240);
        responses.GetProperty("status").GetProperty("currencies").GetProperty("crypto").GetString().ShouldBe("open");
        responses.GetProperty("absent").GetProperty("status").GetInt32().ShouldBe(404);
        responses.GetProperty("absent").GetProperty("message").GetString()!.ShouldContain("not collected");
    }

    private static IEnumerable<(long, ulong)> Rows(JsonElement responses, string name, string ticker, TickKind kind) =>
        responses.GetProperty(name).GetProperty("results").EnumerateArray().Select(row => RestRow.Of(ticker, kind, row))
            .Select(row => (row.Ns / 1_000_000, row.Identity));

    private static async Task<JsonElement> RunAsync(HistoryRelay relay, params string[] arguments)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var (packages, problem) = await Scripts.PackagesAsync().WaitAsync(cancellation);
        Assert.SkipWhen(packages is null, problem);
        var (exitCode, output, complaints) = await Scripts.RunAsync(
            packages!, "rest.mjs", [relay.Address.ToString().TrimEnd('/'), "any", .. arguments], cancellation);
        exitCode.ShouldBe(0, complaints);
        return JsonDocument.Parse(output).RootElement;
    }
}
