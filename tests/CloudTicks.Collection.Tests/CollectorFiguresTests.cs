using System.Globalization;
using CloudTicks.CentralHub.Figures;
using CloudTicks.Polygon.Tests.Sessions;
using CloudTicks.TestServices;

namespace CloudTicks.Collection.Tests;

[Collection(Hub.Name)]
public sealed class CollectorFiguresTests(EventHubFixture fixture)
{
    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public async Task Figures_include_latency_only_with_age_check(
        string ageCheck)
    {
        await using var feed = await ScriptedFeed.StartAsync(async peer =>
        {
            await peer.AcceptLoginAsync();
            var lateMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - 60_000;
            await peer.SendAsync(string.Create(
                CultureInfo.InvariantCulture,
                $$"""[{"ev":"C","p":"EUR/USD","x":48,"b":1,"a":2,"t":{{lateMs}}},{"ev":"C","p":"EUR/USD","b":NaN}]"""));
            await peer.UntilClosedAsync();
        });
        await using var running = await RunningCollector.StartAsync(
            feed.Address, fixture.BootstrapServers, ("Collector:Symbols", "EURUSD"), ("Collector:AgeCheck", ageCheck));
        await running.UntilAsync(status => status.Received == 2);

        var figures = running.Figures.Read();

        (figures[ServiceFigure.ReceivedTicks], figures[ServiceFigure.RefusedTicks]).ShouldBe((2, 1));
        figures[ServiceFigure.MissingAcks].ShouldBe(0);
        figures[ServiceFigure.SpoolLimitBytes].ShouldBeGreaterThan(figures[ServiceFigure.SpoolBytes]);
        figures.ContainsKey(ServiceFigure.FeedLatencyMs).ShouldBe(ageCheck == "true");
        if (figures.TryGetValue(ServiceFigure.FeedLatencyMs, out var latency))
        {
            latency.ShouldBeGreaterThanOrEqualTo(60_000);
        }
    }
}
