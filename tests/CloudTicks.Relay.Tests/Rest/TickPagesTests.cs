using CloudTicks.Simulator.Tests.Rest;
using CloudTicks.TestServices;
using CloudTicks.Ticks;

namespace CloudTicks.Relay.Tests.Rest;

[Collection(nameof(HistoryCollection))]
public class TickPagesTests(HistoryFixture history)
{
    private const long TableStartMs = HistoryFixture.TableStartMs;
    private const long BeginMs = TableStartMs - 60_000;
    private const long EndMs = TableStartMs + 60_000;

    public static TheoryData<string, TickKind, string, int> Directions { get; } = new()
    {
        { "EURUSD", TickKind.Quote, "asc", 37 },
        { "GBPUSD", TickKind.Quote, "desc", 37 },
        { "XAUUSD", TickKind.Quote, "asc", 1_000 },
        { "USDJPY", TickKind.Quote, "desc", 11 },
        { "BTC-USD", TickKind.Trade, "asc", 50 },
        { "ETH-USD", TickKind.Trade, "desc", 50 },
        { "AAPL", TickKind.Trade, "asc", 64 },
        { "MSFT", TickKind.Trade, "desc", 64 },
        { "IBM", TickKind.Quote, "asc", 100 },
        { "O:SPY251219C00650000", TickKind.Quote, "desc", 100 },
    };

    [Theory]
    [MemberData(nameof(Directions))]
    public async Task Pages_across_archive_and_table_have_each_tick_once(string name, TickKind kind, string order, int limit)
    {
        var ticks = new GeneratedTicks(name, kind, seed: name.Sum(letter => letter));
        await ticks.WriteAsync(history, BeginMs, TableStartMs, 400, toTable: false);
        await ticks.WriteAsync(history, TableStartMs, EndMs, 400, toTable: true);
        await using var relay = await HistoryRelay.StartAsync(history);

        var all = await relay.PagesAsync($"{ticks.Path}?order={order}&limit={limit}");
        var bounded = await relay.PagesAsync($"{ticks.Path}?order={order}&limit={limit}&timestamp.gte={BeginMs}000000");

        ShouldBeAll(ticks, all, kind, order);
        ShouldBeAll(ticks, bounded, kind, order);
    }

    [Theory]
    [InlineData("AUDUSD", "asc")]
    [InlineData("NZDUSD", "desc")]
    public async Task Pages_are_complete_while_the_boundary_of_the_table_moves(string name, string order)
    {
        var ticks = new GeneratedTicks(name, TickKind.Quote, seed: 7);
        await ticks.WriteAsync(history, TableStartMs, EndMs, 600, toTable: true);
        var time = new TestTime(DateTimeOffset.FromUnixTimeMilliseconds(TableStartMs).AddHours(2));
        await using var relay = await HistoryRelay.StartAsync(history, time, "Timescale:RetentionWindow=02:00:00");

        var rows = await relay.PagesAsync($"{ticks.Path}?order={order}&limit=25&timestamp.gte={TableStartMs}000000", () =>
        {
            time.Shift(TimeSpan.FromSeconds(3));
            return Task.CompletedTask;
        });

        ShouldBeAll(ticks, rows, TickKind.Quote, order);
    }

    [Theory]
    [InlineData("USDCAD", "asc")]
    [InlineData("USDCHF", "desc")]
    public async Task Ticks_that_arrive_between_pages_are_not_repeated(string name, string order)
    {
        var ticks = new GeneratedTicks(name, TickKind.Quote, seed: 11);
        await ticks.WriteAsync(history, TableStartMs, EndMs, 300, toTable: true);
        await using var relay = await HistoryRelay.StartAsync(history);
        var lastMs = ticks.Expected.Max(tick => tick.Ms);
        var before = ticks.Expected.Count;

        // Before each further page one tick arrives in the newest millisecond, until as many have arrived as fit on a page.
        var rows = await relay.PagesAsync($"{ticks.Path}?order={order}&limit=20&timestamp.gte={TableStartMs}000000", async () =>
        {
            if (ticks.Expected.Count < before + 20)
            {
                await ticks.WriteOneAsync(history, lastMs);
            }
        });

        if (order == "desc")
        {
            ticks.Expected.RemoveRange(before, ticks.Expected.Count - before);
        }

        ShouldBeAll(ticks, rows, TickKind.Quote, order);
    }

    private static void ShouldBeAll(GeneratedTicks ticks, IReadOnlyList<System.Text.Json.JsonElement> json, TickKind kind, string order)
    {
        var rows = json.Select(row => RestRow.Of(ticks.Ticker, kind, row)).ToList();
        rows.Select(row => (row.Ns / 1_000_000, row.Identity)).ShouldBe(ticks.Expected, ignoreOrder: true);
        var times = rows.Select(row => row.Ns).ToList();
        times.ShouldBeInOrder(order == "asc" ? SortDirection.Ascending : SortDirection.Descending);
    }
}
