using System.Collections.Concurrent;
using CloudTicks.Polygon.Tests.Sessions;
using CloudTicks.TestServices;

namespace CloudTicks.Collection.Tests.Symbols;

[Collection(Hub.Name)]
public sealed class SelectionWhileRunningTests(EventHubFixture fixture) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Collector_a_file_that_changes_subscribes_and_unsubscribes_the_difference_alone()
    {
        var asked = new ConcurrentQueue<string>();
        await using var feed = await ScriptedFeed.StartAsync(peer => peer.ServeAsync((action, names) =>
        {
            if (action != "auth")
            {
                asked.Enqueue($"{action} {string.Join(',', names.Order(StringComparer.Ordinal))}");
            }

            return null;
        }));
        var file = _folder.Write("mine.yaml", "- EURUSD\n- GBPUSD\n");
        await using var running = await RunningCollector.StartAsync(feed.Address, fixture.BootstrapServers, ("Collector:SymbolFiles", file));
        await running.UntilAsync(status => status.Connected.Values.All(connected => connected) && asked.Count == 1);

        _folder.Write("mine.yaml", "- EURUSD\n- USDJPY\n- XAUUSD\n");
        await running.UntilAsync(_ => asked.Count == 3);

        asked.Order(StringComparer.Ordinal).ShouldBe(["subscribe C.EUR/USD,C.GBP/USD", "subscribe C.USD/JPY,C.XAU/USD", "unsubscribe C.GBP/USD"]);
        feed.Accepted.ShouldBe(1);

        _folder.Write("mine.yaml", "symbols: EURUSD\n");
        var status = await running.UntilAsync(status => status.Selection!.Refusals == 1);
        status.Selection!.Problem!.ShouldContain("line 1, column 10");
        status.Selection.Symbols.ShouldBe(3);
        asked.Count.ShouldBe(3);
    }
}
