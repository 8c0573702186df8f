using CloudTicks.Collection.Feeds;
using CloudTicks.Collection.Symbols;
using CloudTicks.Ticks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CloudTicks.Collection.Tests.Symbols;

public class SubscriptionPlanTests
{
    private static CollectorOptions Options(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
            [
                new("POLYGON_API_KEY", "key"), new("ConnectionStrings:eventhubs", "127.0.0.1:1"),
                .. settings.Select(setting => new KeyValuePair<string, string?>(setting.Key, setting.Value)),
            ])
            .Build();
        using var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration).AddCollection(configuration)
            .BuildServiceProvider();
        return services.GetRequiredService<IOptions<CollectorOptions>>().Value;
    }

    private static string[] Channels(params (string Key, string Value)[] settings) =>
        [.. SubscriptionPlan.Create(Options(settings)).SelectMany(market => market.Value.Select(channel => $"{market.Key} {channel}"))];

    [Fact]
    public void Create_without_symbols_selects_quotes_of_14_pairs()
    {
        var channels = Channels();

        channels.Length.ShouldBe(14);
        channels.ShouldContain("Forex C.EUR/USD");
        channels.ShouldContain("Forex C.XAG/USD");
    }

    [Fact]
    public void Create_selects_both_kinds_but_only_quotes_of_currencies() =>
        Channels(("Collector:Symbols", "BRK.A, eur/usd,X:BTC-USD,C:EURUSD,O:SPY251219C00650000")).ShouldBe(
            ["Stock Q.BRK.A", "Stock T.BRK.A", "Crypto XQ.BTC-USD", "Crypto XT.BTC-USD", "Forex C.EUR/USD", "Option Q.O:SPY251219C00650000",
                "Option T.O:SPY251219C00650000"],
            ignoreOrder: true);

    [Fact]
    public void Create_with_one_kind_selects_only_that_kind() =>
        Channels(("Collector:Symbols:0", "AAPL"), ("Collector:Symbols:1", "MSFT"), ("Collector:Feed", "trades"))
            .ShouldBe(["Stock T.AAPL", "Stock T.MSFT"]);

    [Theory]
    [InlineData("Collector:Symbols", "EUR USD", "'EUR USD'")]
    [InlineData("Collector:Feed", "trades", "quotes only")]
    [InlineData("Collector:FeedName", "simulated", "whose ticks are real")]
    public void Invalid_options_are_refused_with_message(string key, string value, string part) =>
        Should.Throw<OptionsValidationException>(() => Options((key, value))).Message.ShouldContain(part);

    [Theory]
    [InlineData("Collector:Simbols", "AAPL")]
    [InlineData("Collector:FeedName", "real")]
    public void Unknown_options_are_refused(string key, string value) =>
        Should.Throw<InvalidOperationException>(() => Options((key, value)));

    [Fact]
    public void Options_default_to_the_real_feed()
    {
        Options().FeedName.ShouldBe(FeedName.Polygon);
        Options(("Collector:FeedName", "simulated"), ("Polygon:Endpoint", "ws://127.0.0.1:8100")).FeedName.ShouldBe(FeedName.Simulated);
        Market.Forex.ShouldBe(SubscriptionPlan.Create(Options()).Keys.Single());
    }
}
