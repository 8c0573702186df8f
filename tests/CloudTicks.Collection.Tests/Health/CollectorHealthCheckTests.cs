using CloudTicks.Collection.Health;
using CloudTicks.Polygon.Tests.Sessions;
using CloudTicks.TestServices;
using CloudTicks.Ticks.Status;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CloudTicks.Collection.Tests.Health;

[Collection(Hub.Name)]
public class CollectorHealthCheckTests(EventHubFixture fixture)
{
    [Fact]
    public async Task Health_has_connections_ticks_queue_spool_and_gaps()
    {
        await using var feed = await ScriptedFeed.StartAsync(async peer =>
        {
            await peer.AcceptLoginAsync();
            await peer.SendAsync("""[{"ev":"C","p":"EUR/USD","b":1.1,"a":1.2,"t":1700000000000}]""");
            await peer.UntilClosedAsync();
        });
        await using var running = await RunningCollector.StartAsync(
            feed.Address, fixture.BootstrapServers, ("Collector:Symbols", "EURUSD"));
        await running.UntilAsync(status => status.Archived == 1);

        // Ticks and gap records that a busy event hub acknowledges late pass through the spool.
        var check = await running.UntilHealthAsync(
            check => check.Status == HealthStatus.Healthy && check.Data["spool"] is string spool
                && spool.StartsWith(SpoolStatus.Empty, StringComparison.Ordinal));

        check.Data["connection forex/0"].ToString()!.ShouldContain("1 of 1 channels acknowledged, last message");
        check.Data["last ticks"].ToString()!.ShouldStartWith("EURUSD ");
        check.Data["queue"].ToString()!.ShouldStartWith("0 B to be decoded (limit ");
        check.Data["spool"].ToString()!.ShouldStartWith("empty, 0 records");
        check.Data["gaps"].ToString()!.ShouldContain("open");
    }

    [Fact]
    public async Task Health_lists_last_ticks_of_selected_symbols_only()
    {
        await using var feed = await ScriptedFeed.StartAsync(async peer =>
        {
            await peer.AcceptLoginAsync();
            await peer.SendAsync(
                """[{"ev":"C","p":"EUR/USD","b":1.1,"a":1.2,"t":1700000000000},{"ev":"C","p":"GBP/USD","b":1.1,"a":1.2,"t":1700000000000}]""");
            await peer.UntilClosedAsync();
        });
        await using var running = await RunningCollector.StartAsync(
            feed.Address, fixture.BootstrapServers, ("Collector:Symbols", "EURUSD,GBPUSD"));
        var status = await running.UntilAsync(status => status.Archived == 2);

        LastTicks(status, ["EURUSD", "GBPUSD"]).ShouldContain("GBPUSD ");
        LastTicks(status, ["EURUSD"]).ShouldStartWith("EURUSD ");
        LastTicks(status, ["EURUSD"]).ShouldNotContain("GBPUSD");
        LastTicks(status, ["AAPL"]).ShouldBe("none yet");
    }

    [Fact]
    public async Task Health_is_degraded_with_invalid_settings_file()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "settings.json");
        await File.WriteAllTextAsync(file, """{"Collector":{"Symbols":["EURUSD"]}}""", TestContext.Current.CancellationToken);
        await using var feed = await ScriptedFeed.StartAsync(async peer =>
        {
            await peer.AcceptLoginAsync();
            await peer.UntilClosedAsync();
        });
        await using var running = await RunningCollector.StartAsync(feed.Address, fixture.BootstrapServers, ("settings", file));
        await running.UntilAsync(status => status.Connected.Count > 0 && status.Connected.Values.All(connected => connected));

        // Replaces the file atomically, so that the collector never reads a part of it.
        await File.WriteAllTextAsync($"{file}.new", """{"Collector":{"Symbols":["EUR USD"]}}""", TestContext.Current.CancellationToken);
        File.Move($"{file}.new", file, overwrite: true);

        var check = await running.UntilHealthAsync(check => check.Status == HealthStatus.Degraded);

        check.Description.ShouldNotBeNull().ShouldContain("'EUR USD'");
    }

    private static string LastTicks(CollectorStatus status, HashSet<string> selected) =>
        CollectorFacts.Of(status, selected, TimeProvider.System.GetUtcNow())["last ticks"].ToString()!;
}
