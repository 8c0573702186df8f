using System.Text.Json;
using CloudTicks.CentralHub.Tests.Access;
using CloudTicks.TestServices;
using CloudTicks.Ticks;

namespace CloudTicks.Relay.Tests.Clients;

/// <summary>Tests unusual sessions with Polygon's unmodified JavaScript client.</summary>
public sealed class OfficialSessionTests
{
    private static readonly NodeScripts Scripts = new(Path.Combine(AppContext.BaseDirectory, "Clients", "node"), "simulator-clients");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Unsubscribed_channel_receives_no_more_events()
    {
        var packages = await PackagesAsync();
        await using var relay = await RelayHost.StartAsync();
        var running = RunAsync(packages, relay, "unsubscribe", "any", "T.AAPL,T.MSFT", "T.MSFT");
        await UntilChannelsAsync(relay, running, 2);
        relay.Publish("AAPL", TickKind.Trade, 1);
        await UntilChannelsAsync(relay, running, 1);

        relay.Publish("MSFT", TickKind.Trade, 2);
        relay.Publish("AAPL", TickKind.Trade, 3);

        (await running).Ticks.ShouldBe(["AAPL 1", "AAPL 3"]);
    }

    [Fact]
    public async Task Client_with_a_wrong_key_gets_a_status_and_is_disconnected()
    {
        var packages = await PackagesAsync();
        await using var hub = await TestHub.StartAsync();
        hub.Keys["ctk"] = ("research", "reader");
        await using var relay = await RelayHost.StartAsync(
            new TestTime(), $"CentralHub:Endpoint={hub.Address}", "Listening:RequireKeys=true");

        var (statuses, ticks) = await RunAsync(packages, relay, "read", "wrong", "T.AAPL");

        statuses.ShouldBe(["connected: Connected Successfully", "auth_failed: authentication failed"]);
        ticks.ShouldBeEmpty();
    }

    [Fact]
    public async Task Stalled_client_is_disconnected_and_notices_it()
    {
        var packages = await PackagesAsync();
        using var folder = new TemporaryFolder();
        await using var relay = await RelayHost.StartAsync("Relay:ClientBufferBytes=1048576");
        var running = RunAsync(packages, relay, "slow", "any", "T.AAPL", folder.File("disconnected"));
        await UntilChannelsAsync(relay, running, 1);

        var sent = 0;
        while ((await relay.StatusAsync()).GetProperty("clients").GetArrayLength() == 1)
        {
            for (var number = 0; number < 1_000; number++)
                relay.Publish("AAPL", TickKind.Trade, sent++);
        }

        await File.WriteAllTextAsync(folder.File("disconnected"), "", Cancellation);
        var (_, ticks) = await running;
        ticks.ShouldBe(Enumerable.Range(0, ticks.Length).Select(number => $"AAPL {number}"));
        ticks.Length.ShouldBeInRange(1, sent - 1);
    }

    [Fact]
    public async Task Killed_client_and_stopped_relay_are_noticed()
    {
        var packages = await PackagesAsync();
        var relay = await RelayHost.StartAsync();
        try
        {
            using var killing = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            var killed = Scripts.RunAsync(
                packages, "session.mjs", ["read", relay.Address.ToString().TrimEnd('/'), "any", "T.AAPL"], killing.Token);
            await UntilChannelsAsync(relay, killed, 1);
            await killing.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => killed);
            await relay.UntilAsync(clients => clients.GetArrayLength() == 0);

            var running = RunAsync(packages, relay, "read", "any", "T.AAPL");
            await UntilChannelsAsync(relay, running, 1);
            await relay.DisposeAsync();

            // Messages that were in flight when the connection broke may be lost.
            (await running).Statuses.ShouldContain("auth_success: authenticated");
        }
        finally
        {
            await relay.DisposeAsync();
        }
    }

    private static async Task<string> PackagesAsync()
    {
        var (packages, problem) = await Scripts.PackagesAsync().WaitAsync(Cancellation);
        Assert.SkipWhen(packages is null, problem);
        return packages!;
    }

    private static async Task UntilChannelsAsync(RelayHost relay, Task running, int channels) => await relay.UntilAsync(
        clients => running.IsCompleted
        || (clients.GetArrayLength() == 1 && clients[0].GetProperty("channels").GetInt32() == channels));

    private static async Task<(string[] Statuses, string[] Ticks)> RunAsync(
        string packages, RelayHost relay, string scenario, string key, params string[] rest)
    {
        var (exitCode, output, complaints) = await Scripts.RunAsync(
            packages, "session.mjs", [scenario, relay.Address.ToString().TrimEnd('/'), key, .. rest], Cancellation);
        exitCode.ShouldBe(0, complaints);
        using var report = JsonDocument.Parse(output);
        return (Texts("statuses"), Texts("ticks"));

        string[] Texts(string name) => [.. report.RootElement.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];
    }
}
