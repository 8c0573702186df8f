using CloudTicks.Polygon.Tests.Sessions;
using CloudTicks.TestServices;

namespace CloudTicks.Collection.Tests.Running;

[Collection(Hub.Name)]
public class SelectedChannelsTests(EventHubFixture fixture)
{
    [Fact]
    public async Task GetSymbols_includes_channels_without_ticks()
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await using var feed = await ScriptedFeed.StartAsync(async peer =>
        {
            await peer.AcceptLoginAsync();
            await peer.SendAsync($$"""[{"ev":"C","p":"EUR/USD","x":48,"b":1.1,"a":1.2,"t":{{now}}}]""");
            await peer.UntilClosedAsync();
        });
        await using var running = await RunningCollector.StartAsync(
            feed.Address, fixture.BootstrapServers, ("Collector:Symbols", "EURUSD,BRKAUD"));

        await running.UntilAsync(status => status.Received == 1);
        var channels = running.Collector.GetSymbols();

        channels.Select(channel => (channel.Symbol, channel.Market, channel.Kind, channel.Channel)).ShouldBe(
            [("EURUSD", "forex", "quote", "C.EUR/USD"), ("BRKAUD", "stock", "quote", "Q.BRKAUD"), ("BRKAUD", "stock", "trade", "T.BRKAUD")],
            ignoreOrder: true);
        channels.Single(channel => channel.Symbol == "EURUSD").LastTickAgeMs.ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(0);
        channels.Where(channel => channel.Symbol == "BRKAUD").ShouldAllBe(channel => channel.LastTickAgeMs == null);
        channels.ShouldAllBe(channel => channel.WantedSinceMs >= now && channel.UsualPauseMs == null);
    }
}
