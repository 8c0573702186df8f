using System.Collections.Concurrent;
using System.Text.Json;
using CloudTicks.Polygon.Tests.Sessions;
using CloudTicks.TestServices;

namespace CloudTicks.Collection.Tests.Symbols;

[Collection(Hub.Name)]
public sealed class SelectionWhileRunningTests(EventHubFixture fixture) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Changed_symbol_file_subscribes_only_the_difference()
    {
        var requests = new ConcurrentQueue<string>();
        await using var feed = await ScriptedFeed.StartAsync(peer => peer.ServeAsync((action, names) =>
        {
            if (action != "auth")
            {
                requests.Enqueue($"{action} {string.Join(',', names.Order(StringComparer.Ordinal))}");
            }

            return null;
        }));
        var file = _folder.Write("mine.yaml", "- EURUSD\n- GBPUSD\n");
        await using var running = await RunningCollector.StartAsync(
            feed.Address, fixture.BootstrapServers, ("Collector:SymbolFiles", file));
        await running.UntilAsync(status => status.Connected.Values.All(connected => connected) && requests.Count == 1);

        _folder.Write("mine.yaml", "- EURUSD\n- USDJPY\n- XAUUSD\n");
        await running.UntilAsync(_ => requests.Count == 3);

        requests.Order(StringComparer.Ordinal)
            .ShouldBe(["subscribe C.EUR/USD,C.GBP/USD", "subscribe C.USD/JPY,C.XAU/USD", "unsubscribe C.GBP/USD"]);
        feed.Accepted.ShouldBe(1);

        _folder.Write("mine.yaml", "symbols: EURUSD\n");
        var status = await running.UntilAsync(status => status.Selection!.Refusals == 1);
        status.Selection!.Problem!.ShouldContain("line 1, column 10");
        status.Selection.Symbols.ShouldBe(3);
        requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Rollout_symbols_follow_the_percentage()
    {
        var requests = new ConcurrentQueue<string>();
        await using var feed = await ScriptedFeed.StartAsync(peer => peer.ServeAsync((action, names) =>
        {
            if (action != "auth")
            {
                requests.Enqueue($"{action} {string.Join(',', names.Order(StringComparer.Ordinal))}");
            }

            return null;
        }));
        var settingsPath = _folder.Write("settings.json", Settings(100));
        await using var running = await RunningCollector.StartAsync(feed.Address, fixture.BootstrapServers, ("settings", settingsPath));
        await running.UntilAsync(
            status => status.Connected.Count > 0 && status.Connected.Values.All(connected => connected) && requests.Count == 1);

        _folder.Write("settings.json", Settings(0));
        await running.UntilAsync(_ => requests.Count == 2);

        requests.ShouldBe(
            ["subscribe C.EUR/USD,C.XAG/USD,C.XAU/USD,C.XPD/USD,C.XPT/USD", "unsubscribe C.XAG/USD,C.XAU/USD,C.XPD/USD,C.XPT/USD"]);

        static string Settings(int percentage) => JsonSerializer.Serialize(new
        {
            Collector = new
            {
                // This symbol keeps the session open: a session without channels is closed without unsubscribing.
                Symbols = "EURUSD",
                Rollouts = $$$$"""
                    {"operational":{"rollouts":[{"flag":"f","list":"metals"}]},"feature_management":{"feature_flags":[{"id":"f","enabled":true,"conditions":
                     {"client_filters":[{"name":"Microsoft.Targeting","parameters":{"Audience":{"DefaultRolloutPercentage":{{{{percentage}}}}}}}]}}]}}
                    """,
            },
        });
    }
}
