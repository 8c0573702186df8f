using CloudTicks.Polygon;
using CloudTicks.Polygon.Rest;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Simulator.Tests.Rest;

/// <summary>Tests the simulator with the collector's REST client.</summary>
public sealed class PolygonRestClientTests
{
    [Theory]
    [InlineData("forex", Market.Forex, "C.EUR/USD", "EURUSD", TickKind.Quote)]
    [InlineData("stocks", Market.Stock, "T.BRK.A", "BRK.A", TickKind.Trade)]
    [InlineData("stocks", Market.Stock, "Q.AAPL", "AAPL", TickKind.Quote)]
    [InlineData("options", Market.Option, "T.O:SPY251219C00650000", "O:SPY251219C00650000", TickKind.Trade)]
    [InlineData("options", Market.Option, "Q.O:SPY251219C00650000", "O:SPY251219C00650000", TickKind.Quote)]
    [InlineData("crypto", Market.Crypto, "XT.BTC-USD", "BTC-USD", TickKind.Trade)]
    public async Task ReadTicks_returns_exactly_the_sent_ticks_of_a_time_range(
        string path, Market market, string channel, string name, TickKind kind)
    {
        await using var simulator = await SimulatorHost.StartAsync("Rate=50000");
        await using var client = await (await simulator.ConnectAsync(path)).AuthenticateAsync();
        await client.SubscribeAsync(channel);
        var received = new List<ReceivedTick>();
        long fromMs, toMs;
        do
        {
            received.AddRange(await client.ReadTicksAsync(market, 1_000));
            // Excludes the first and the last millisecond, which may have had more ticks than were read.
            (fromMs, toMs) = (received[0].TimestampMs + 1, received[^1].TimestampMs - 1);
        }
        while (received.Count(tick => tick.TimestampMs >= fromMs && tick.TimestampMs <= toMs) <= 100);
        await using var services = Services(simulator);

        var fetched = await FetchAsync(services, market, name, kind, fromMs, toMs);

        fetched.ShouldBe(received.Where(tick => tick.TimestampMs >= fromMs && tick.TimestampMs <= toMs).Select(tick => tick.Identity),
            ignoreOrder: true);
        fetched.Count.ShouldBeGreaterThan(100);
    }

    [Fact]
    public async Task TickerLookup_returns_symbols_missing_from_the_reference_data()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var services = Services(simulator);
        string[] names =
            ["AAPL", "NOTREAL", "BRK.B", "USDCNH", "BTC-USD", "X:NEW-EUR", "O:SPY251219C00650000", "O:SPY251319C00650000", "###"];

        var found = await TickerLookup.FindAsync(
            services.GetRequiredService<PolygonRestClient>(),
            [.. names.Select(name => Symbol.TryParse(name, out var symbol) ? symbol : throw new ArgumentException(name))],
            TimeSpan.FromMinutes(1), TimeProvider.System, TestContext.Current.CancellationToken);

        found.Unknown.Select(symbol => symbol.Name).ShouldBe(["NOTREAL", "O:SPY251319C00650000", "###"]);
        (found.Unchecked, found.Problem).ShouldBe((0, null));
    }

    [Fact]
    public async Task ReadTicks_pages_that_link_to_themselves_fail_with_a_message()
    {
        await using var simulator = await SimulatorHost.StartAsync("Rate=50000");
        await using var client = await (await simulator.ConnectAsync("stocks")).AuthenticateAsync();
        await client.SubscribeAsync("T.IBM");
        var received = await client.ReadTicksAsync(Market.Stock, 100);
        await simulator.RequestFaultAsync("""{"fault":"rest-loop","path":"/v3/trades","symbols":["IBM"]}""");
        await using var services = Services(simulator);

        var refusal = await Should.ThrowAsync<PolygonRestException>(
            () => FetchAsync(services, Market.Stock, "IBM", TickKind.Trade, received[0].TimestampMs, received[^1].TimestampMs));

        refusal.Message.ShouldContain("form a cycle");
    }

    [Fact]
    public async Task ReadContracts_and_market_hours_return_data_of_the_simulator()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var services = Services(simulator);
        var rest = services.GetRequiredService<PolygonRestClient>();
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-5));
        var contracts = new List<OptionContract>();

        await foreach (var contract in rest.ReadContractsAsync(
            "SPY", today, today.AddDays(30), ContractType.Put, TestContext.Current.CancellationToken))
        {
            contracts.Add(contract);
        }

        contracts.ShouldNotBeEmpty();
        contracts.ShouldAllBe(
            contract => contract.Type == ContractType.Put && contract.Expires <= today.AddDays(30) && contract.Strike.Mantissa > 0);
        contracts.Select(contract => contract.Symbol).ShouldBeUnique();
        var status = await rest.GetMarketStatusAsync(TestContext.Current.CancellationToken);
        (status.Stocks, status.Forex, status.Crypto).ShouldBe(("open", "open", "open"));
        (await rest.GetHolidaysAsync(TestContext.Current.CancellationToken)).ShouldContain(holiday => holiday.Open == null);
    }

    [Fact]
    public async Task Markets_are_closed_after_sending_has_stopped()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var services = Services(simulator);
        await simulator.StopAsync();

        var status = await services.GetRequiredService<PolygonRestClient>().GetMarketStatusAsync(TestContext.Current.CancellationToken);

        (status.Stocks, status.Forex, status.Crypto).ShouldBe(("closed", "closed", "closed"));
    }

    private static ServiceProvider Services(SimulatorHost simulator)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new(PolygonApiKey.Setting, "any"), new("Polygon:Endpoint", simulator.Address.ToString()),
                new("Polygon:RateLimitPerSecond", "1000")])
            .Build();
        return new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration).AddPolygon().BuildServiceProvider();
    }

    private static async Task<List<ulong>> FetchAsync(
        IServiceProvider services, Market market, string name, TickKind kind, long fromMs, long toMs)
    {
        Symbol.TryParse(market, name, out var symbol).ShouldBeTrue();
        var fetched = new List<ulong>();
        await foreach (var page in services.GetRequiredService<PolygonRestClient>().ReadTicksAsync(
            symbol, kind, fromMs, toMs, TestContext.Current.CancellationToken))
        {
            Take(page, fetched);
            page.Rejected.ShouldBe(0);
        }

        return fetched;
    }

    private static void Take(TickPage page, List<ulong> identities)
    {
        Tick tick = default;
        while (page.Read(ref tick))
        {
            identities.Add(TickIdentity.Of(tick));
        }
    }
}
