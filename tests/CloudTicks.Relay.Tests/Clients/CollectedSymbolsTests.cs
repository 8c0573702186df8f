using CloudTicks.CentralHub.Tests.Client;
using CloudTicks.Simulator.Tests;
using CloudTicks.Ticks;

namespace CloudTicks.Relay.Tests.Clients;

/// <summary>A subscription to a symbol that can have no ticks is refused with the reason.</summary>
public sealed class CollectedSymbolsTests
{
    [Fact]
    public async Task Uncollected_symbol_is_refused_until_it_is_selected()
    {
        await using var hub = ScriptedHub.Start();
        hub.Set(1, """{"operational":{"symbols":["EURUSD","AAPL"],"feed":"trades"}}""");
        await using var relay = await RelayHost.StartAsync($"CentralHub:Endpoint={hub.Address}", "Relay:RequestsPerSecond=100000");
        await using var client = await relay.OpenAsync("stocks");

        await RefusedAsync(client, "T.IBM", "does not select this symbol");
        await RefusedAsync(client, "Q.AAPL", "selects only trades");
        await client.SubscribeAsync("T.AAPL");

        hub.Set(2, """{"operational":{"symbols":["AAPL","IBM"]}}""");
        string status;
        do
        {
            await client.SendAsync("subscribe", "T.IBM");
            status = (await client.ReadStatusAsync()).ShouldNotBeNull();
        }
        while (status.StartsWith("error: T.IBM: not collected", StringComparison.Ordinal));

        status.ShouldBe("success: subscribed to: T.IBM");
        await client.SubscribeAsync("Q.AAPL");
        relay.Publish("IBM", TickKind.Trade, 1);
        (await SessionTests.NumbersAsync(client, 1)).ShouldBe([1]);
    }

    [Fact]
    public async Task Contract_of_a_selected_underlying_counts_as_collected()
    {
        await using var hub = ScriptedHub.Start();
        hub.Set(1, """{"operational":{"symbols":[],"underlyings":["SPY"]}}""");
        await using var relay = await RelayHost.StartAsync($"CentralHub:Endpoint={hub.Address}", "Relay:RequestsPerSecond=100000");
        await using var client = await relay.OpenAsync("options");

        await RefusedAsync(client, "T.O:SPYX251219C00650000", "does not select this symbol");
        await client.SubscribeAsync("T.O:SPY251219C00650000", "T.*");
    }

    [Fact]
    public async Task Hub_defaults_cause_a_warning_but_no_refusal()
    {
        await using var hub = ScriptedHub.Start();
        hub.Set(0, """{"operational":{"symbols":["EURUSD"]}}""");
        await using var relay = await RelayHost.StartAsync($"CentralHub:Endpoint={hub.Address}", "Relay:RequestsPerSecond=100000");
        await using var client = await relay.OpenAsync("stocks");

        await RefusedAsync(client, "T.IBM", "does not select this symbol");
        (await client.ReadStatusAsync()).ShouldBe("success: subscribed to: T.IBM");
    }

    /// <summary>Repeats the subscription until the relay has read the document and refuses the subscription.</summary>
    private static async Task RefusedAsync(FeedClient client, string channel, string reason)
    {
        string status;
        do
        {
            await client.SendAsync("subscribe", channel);
            status = (await client.ReadStatusAsync()).ShouldNotBeNull();
        }
        while (status == $"success: subscribed to: {channel}");

        status.ShouldStartWith($"error: {channel}: not collected");
        status.ShouldEndWith(reason);
    }
}
