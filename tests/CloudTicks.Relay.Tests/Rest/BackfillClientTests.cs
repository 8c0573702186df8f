using CloudTicks.Polygon;
using CloudTicks.Polygon.Rest;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Relay.Tests.Rest;

/// <summary>Tests the relay with the REST client that the collector uses for backfills.</summary>
[Collection(nameof(HistoryCollection))]
public class BackfillClientTests(HistoryFixture history)
{
    private const long TableStartMs = HistoryFixture.TableStartMs;

    [Theory]
    [InlineData("EURGBP", TickKind.Quote)]
    [InlineData("GOOG", TickKind.Trade)]
    [InlineData("GOOGL", TickKind.Quote)]
    [InlineData("SOL-USD", TickKind.Trade)]
    [InlineData("O:SPY251219P00650000", TickKind.Quote)]
    [InlineData("O:SPY251219P00655000", TickKind.Trade)]
    public async Task Every_tick_of_a_time_range_is_fetched_with_its_identity(string name, TickKind kind)
    {
        var ticks = new GeneratedTicks(name, kind, 9);
        await ticks.WriteAsync(history, TableStartMs - 40_000, TableStartMs, 500, toTable: false);
        await ticks.WriteAsync(history, TableStartMs, TableStartMs + 40_000, 500, toTable: true);
        await using var relay = await HistoryRelay.StartAsync(history);
        await using var services = Services(relay.Address);
        var (fromMs, toMs) = (TableStartMs - 30_000, TableStartMs + 30_000);
        var fetched = new List<(long, ulong)>();

        await foreach (var page in services.GetRequiredService<PolygonRestClient>().ReadTicksAsync(
            ticks.Symbol, kind, fromMs, toMs, TestContext.Current.CancellationToken))
        {
            Take(page, fetched);
            page.Rejected.ShouldBe(0);
        }

        fetched.ShouldBe(ticks.Expected.Where(tick => tick.Ms >= fromMs && tick.Ms <= toMs), ignoreOrder: true);
    }

    [Fact]
    public async Task Market_status_of_the_relay_is_parsed()
    {
        await using var relay = await HistoryRelay.StartAsync(history);
        await using var services = Services(relay.Address);

        var status = await services.GetRequiredService<PolygonRestClient>().GetMarketStatusAsync(TestContext.Current.CancellationToken);

        status.Crypto.ShouldBe("open");
    }

    internal static ServiceProvider Services(Uri address)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new(PolygonApiKey.Setting, "any"), new("Polygon:Endpoint", address.ToString()),
                new("Polygon:RateLimitPerSecond", "1000")])
            .Build();
        return new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration).AddPolygon().BuildServiceProvider();
    }

    private static void Take(TickPage page, List<(long, ulong)> ticks)
    {
        Tick tick = default;
        while (page.Read(ref tick))
        {
            ticks.Add((tick.TimestampMs, TickIdentity.Of(tick)));
        }
    }
}
