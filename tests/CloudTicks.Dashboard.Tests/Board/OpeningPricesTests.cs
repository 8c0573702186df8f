using System.Text;
using System.Text.Json;
using CloudTicks.Dashboard.Board;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Dashboard.Tests.Board;

/// <summary>
/// Tests the opening prices to which the board's changes are relative, with a real NATS server and a table whose content the test sets.
/// </summary>
public sealed class OpeningPricesTests(NatsFixture nats) : IClassFixture<NatsFixture>
{
    private const int LastColumn = 4;
    private const int OpeningColumn = 5;

    private readonly TestTime _time = new();

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private long Midnight => TradingDay.BeginOf(Now);

    [Fact]
    public async Task Restarted_dashboard_has_the_same_opening_prices()
    {
        string[] quotes = [TickSender.Quote("EURUSD", Midnight + 5, 1.1m, 1.2m), TickSender.Quote("AAPL", Midnight + 6, 200, 300)];
        string[] trades = [TickSender.Trade("AAPL", Midnight + 7, 201.5m)];
        await using var hub = await StubHub.StartAsync();
        hub.Openings = Openings(quotes, trades);
        await using var sender = new TickSender(nats.Url);
        string before;
        await using (var page = await StartAsync(hub))
        {
            // The first dashboard receives the day's first ticks itself; the restarted dashboard requests them from the functions.
            await sender.SendAsync("EURUSD", quotes[0]);
            await sender.SendAsync("AAPL", quotes[1], trades[0]);
            await SendLaterAsync(page);
            before = Changes(page);
        }

        await using var restartedPage = await StartAsync(hub);
        await SendLaterAsync(restartedPage);
        Changes(restartedPage).ShouldBe(before);
        Changes(restartedPage).ShouldBe("EURUSD 1.35 of 1.15, AAPL 210 of 201.5");

        async Task SendLaterAsync(RunningDashboard page)
        {
            await sender.SendAsync("EURUSD", TickSender.Quote("EURUSD", Now - 10, 1.3m, 1.4m));
            await sender.SendAsync("AAPL", TickSender.Quote("AAPL", Now - 10, 209, 210), TickSender.Trade("AAPL", Now - 9, 210));
            await UntilAsync(page, () => Number(page, "EURUSD", LastColumn) == 1.35m && Number(page, "AAPL", LastColumn) == 210);
            await UntilAsync(page, () => Number(page, "AAPL", OpeningColumn) == 201.5m && Number(page, "EURUSD", OpeningColumn) == 1.15m);
        }

        static string Changes(RunningDashboard page) =>
            string.Join(", ", ((string[])["EURUSD", "AAPL"])
                .Select(symbol => $"{symbol} {Number(page, symbol, LastColumn):0.##} of {Number(page, symbol, OpeningColumn):0.##}"));
    }

    [Fact]
    public async Task Unavailable_table_is_queried_again_and_delays_no_tick()
    {
        await using var hub = await StubHub.StartAsync();
        await using var page = await StartAsync(hub);
        await using var sender = new TickSender(nats.Url);
        await sender.SendAsync("GBPUSD", TickSender.Quote("GBPUSD", Now, 2, 3));
        await UntilAsync(page, () => Number(page, "GBPUSD", OpeningColumn) == 2.5m);

        hub.Openings = Openings([TickSender.Quote("GBPUSD", Midnight, 1, 2)], []);
        await UntilAsync(page, () => Number(page, "GBPUSD", OpeningColumn) == 1.5m);
        Number(page, "GBPUSD", LastColumn).ShouldBe(2.5m);
    }

    [Fact]
    public async Task Later_symbol_has_its_opening_price_from_the_table()
    {
        await using var hub = await StubHub.StartAsync();
        hub.Openings = Openings([], []);
        await using var page = await StartAsync(hub);
        await using var sender = new TickSender(nats.Url);
        await sender.SendAsync("USDJPY", TickSender.Quote("USDJPY", Now, 150, 151));
        await UntilAsync(page, () => Number(page, "USDJPY", OpeningColumn) == 150.5m);

        // An opening price from yesterday does not count; one from today does.
        hub.Openings = Openings([TickSender.Quote("USDJPY", Midnight + 1, 140, 141), TickSender.Quote("USDCHF", Midnight - 1, 1, 2)], []);
        await sender.SendAsync("USDCHF", TickSender.Quote("USDCHF", Now, 3, 4));
        await UntilAsync(
            page, () => Number(page, "USDJPY", OpeningColumn) == 140.5m && Number(page, "USDCHF", OpeningColumn) is not null);
        Number(page, "USDCHF", OpeningColumn).ShouldBe(3.5m);
    }

    [Fact]
    public async Task Change_on_a_new_day_is_relative_to_its_first_tick()
    {
        await using var hub = await StubHub.StartAsync();
        hub.Openings = Openings([TickSender.Quote("NZDUSD", Midnight, 1, 2)], []);
        await using var page = await StartAsync(hub);
        await using var sender = new TickSender(nats.Url);
        await sender.SendAsync("NZDUSD", TickSender.Quote("NZDUSD", Now, 2, 3));
        await UntilAsync(page, () => Number(page, "NZDUSD", OpeningColumn) == 1.5m);

        _time.Shift(TimeSpan.FromHours(10));
        await sender.SendAsync("NZDUSD", TickSender.Quote("NZDUSD", Now, 4, 5));
        await UntilAsync(page, () => Number(page, "NZDUSD", LastColumn) == 4.5m);
        Number(page, "NZDUSD", OpeningColumn).ShouldBe(4.5m);
    }

    [Fact]
    public async Task Missing_side_of_a_quote_is_not_a_price()
    {
        await using var hub = await StubHub.StartAsync();
        await using var page = await StartAsync(hub);
        await using var sender = new TickSender(nats.Url);
        await sender.SendAsync("MSFT", TickSender.Quote("MSFT", Now, 400, 0));
        await UntilAsync(page, () => Number(page, "MSFT", LastColumn) == 400);
        Number(page, "MSFT", OpeningColumn).ShouldBe(400);
    }

    private static Dictionary<string, string[]> Openings(string[] quotes, string[] trades) =>
        new() { ["quote"] = quotes, ["trade"] = trades };

    private static decimal? Number(RunningDashboard page, string symbol, int place) =>
        page.Services.GetRequiredService<SymbolBoard>().Find(symbol)?.Frame.Json is { Length: > 0 } json
            && JsonElement.Parse(Encoding.UTF8.GetString(json) + "]")[place] is { ValueKind: JsonValueKind.Number } number
            ? number.GetDecimal() : null;

    private async Task<RunningDashboard> StartAsync(StubHub hub)
    {
        var page = await RunningDashboard.StartAsync(nats.Url, _time, ("Dashboard:Functions", hub.Address));
        var feed = page.Services.GetRequiredService<BoardFeed>();
        await _time.UntilTimerAsync(SymbolBoard.SnapshotInterval, TestContext.Current.CancellationToken);
        await UntilAsync(page, () => feed.State.IsConnected);
        return page;
    }

    private Task UntilAsync(RunningDashboard page, Func<bool> reached) =>
        _time.SnapshotsAsync(page.Services.GetRequiredService<SymbolBoard>(), reached);
}
