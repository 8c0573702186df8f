using CloudTicks.Relay.Clients;
using CloudTicks.Relay.Tests.Clients;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Relay.Tests.OnDemand;

/// <summary>With <c>Relay:Subscribe</c> a writer's subscription adds a symbol that is not collected, and relays remove it later.</summary>
public sealed class OnDemandTests
{
    private const string UnsubscribeAfterOneSecond = "Relay:UnsubscribeAfter=1s";

    [Fact]
    public async Task Uncollected_symbol_is_added_for_a_writer()
    {
        await using var hub = new CollectorHub();
        await using var relay = await StartAsync(hub);
        await using var client = await relay.OpenAsync("stocks", CollectorHub.WriterKey);

        await client.SubscribeAsync("T.IBM", "Q.IBM", "T.AAPL");

        CollectorHub.OnDemandSymbols(hub.Document).ShouldBe(["IBM"]);
        CollectorHub.NamedSymbols(hub.Document).ShouldBe(["AAPL"]);
        relay.Publish("IBM", TickKind.Trade, 1);
        (await SessionTests.NumbersAsync(client, 1)).ShouldBe([1]);
    }

    [Fact]
    public async Task Neither_a_reader_key_nor_a_wildcard_adds_a_symbol()
    {
        await using var hub = new CollectorHub();
        await using var relay = await StartAsync(hub);
        await using var reader = await relay.OpenAsync("stocks", CollectorHub.ReaderKey);
        await using var writer = await relay.OpenAsync("stocks", CollectorHub.WriterKey);

        await reader.SendAsync("subscribe", "T.IBM");
        (await reader.ReadStatusAsync()).ShouldNotBeNull().ShouldStartWith("error: T.IBM: not collected");
        await writer.SubscribeAsync("T.*", "T.AAPL");
        await writer.SendAsync("subscribe", "AM.IBM");
        (await writer.ReadStatusAsync()).ShouldNotBeNull().ShouldStartWith("error: AM.IBM: not authorized");

        hub.Versions.ShouldHaveSingleItem();
        await reader.SubscribeAsync("T.AAPL");
    }

    [Fact]
    public async Task Refusal_by_the_hub_is_a_status_and_the_session_continues()
    {
        await using var hub = new CollectorHub();
        await using var relay = await StartAsync(hub);
        await using var client = await relay.OpenAsync("stocks", CollectorHub.WriterKey);
        await client.SubscribeAsync("T.AAPL");

        hub.Refusal = "The plan has no room.";
        await client.SendAsync("subscribe", "T.IBM");
        (await client.ReadStatusAsync()).ShouldNotBeNull().ShouldEndWith("and not added: The plan has no room.");
        (hub.Refusal, hub.IsUnavailable) = (null, true);
        await client.SendAsync("subscribe", "T.IBM");
        (await client.ReadStatusAsync()).ShouldNotBeNull().ShouldContain("not added: The central hub at");
        hub.IsUnavailable = false;

        await client.SubscribeAsync("T.IBM");
        CollectorHub.OnDemandSymbols(hub.Document).ShouldBe(["IBM"]);
    }

    [Fact]
    public async Task Idle_symbol_is_removed_by_any_relay()
    {
        await using var hub = new CollectorHub();
        var time = new TestTime();
        await using (var relay = await StartAsync(hub, time, UnsubscribeAfterOneSecond))
        {
            await using var client = await relay.OpenAsync("stocks", CollectorHub.WriterKey);
            await client.SubscribeAsync("T.IBM", "T.MSFT");
            await client.SendAsync("unsubscribe", "T.MSFT");
            await AdvanceUntilAsync(time, () => !CollectorHub.OnDemandSymbols(hub.Document).Contains("MSFT"));
            CollectorHub.OnDemandSymbols(hub.Document).ShouldBe(["IBM"]);
        }

        // The relay stores its state only in the document, so a stop or a crash loses nothing.
        await using var other = await StartAsync(hub, time, UnsubscribeAfterOneSecond);
        await AdvanceUntilAsync(time, () => !CollectorHub.OnDemandSymbols(hub.Document).Any());
        CollectorHub.NamedSymbols(hub.Document).ShouldBe(["AAPL"]);
    }

    [Fact]
    public async Task Symbol_named_in_the_document_meanwhile_is_kept()
    {
        await using var hub = new CollectorHub();
        var time = new TestTime();
        await using var relay = await StartAsync(hub, time, UnsubscribeAfterOneSecond);
        await using (var client = await relay.OpenAsync("stocks", CollectorHub.WriterKey))
        {
            await client.SubscribeAsync("T.IBM");
            hub.Set("""{"operational":{"symbols":["AAPL","IBM"],"on_demand":[{"symbol":"IBM"}]}}""");
        }

        await AdvanceUntilAsync(time, () => !CollectorHub.OnDemandSymbols(hub.Document).Any());
        CollectorHub.NamedSymbols(hub.Document).ShouldBe(["AAPL", "IBM"]);
    }

    [Fact]
    public async Task Relay_keeps_symbols_subscribed_on_another_relay()
    {
        await using var hub = new CollectorHub();
        var idleTime = new TestTime();
        await using var idle = await StartAsync(hub, idleTime, UnsubscribeAfterOneSecond);
        await using var busy = await StartAsync(hub);
        await using (var client = await busy.OpenAsync("stocks", CollectorHub.WriterKey))
        {
            await client.SubscribeAsync("T.IBM");
            hub.Versions.Count.ShouldBe(2);
            // The document's versions: 2 has the added symbol, 3 and 5 mark it as idle, 4 and 6 remove the mark.
            for (var marked = 3; marked <= 5; marked += 2)
            {
                await AdvanceUntilAsync(idleTime, () => hub.Versions.Count >= marked);
                // The idle relay would remove the symbol a second after its mark, so its clock stops until the busy relay removes the mark.
                await hub.UntilAsync(_ => hub.Versions.Count > marked);
            }

            hub.Versions.Skip(1).ShouldAllBe(version => CollectorHub.OnDemandSymbols(version).Single() == "IBM");
        }

        await AdvanceUntilAsync(idleTime, () => !CollectorHub.OnDemandSymbols(hub.Document).Any());
    }

    [Fact]
    public async Task Relay_with_Subscribe_does_not_start_without_a_hub() =>
        (await Should.ThrowAsync<FormatException>(() => RelayHost.StartAsync("Relay:Subscribe=true"))).Message
            .ShouldContain("set CentralHub__Endpoint");

    private static Task<RelayHost> StartAsync(CollectorHub hub) => StartAsync(hub, new TestTime());

    /// <summary>Starts a relay, and completes when it has read the document; before that it refuses no subscription.</summary>
    /// <param name="time">The relay's clock, for its timeouts and for idle symbols; it follows the document by the system's clock.</param>
    private static async Task<RelayHost> StartAsync(CollectorHub hub, TestTime time, params string[] settings)
    {
        var relay = await RelayHost.StartAsync(
            time, ["Relay:Subscribe=true", $"CentralHub:Endpoint={hub.Address}", "Listening:RequireKeys=true", .. settings]);
        while (!relay.Services.GetRequiredService<CollectedSymbols>().IsDocumentSet)
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        return relay;
    }

    /// <summary>Advances a clock in small steps until a condition is met.</summary>
    private static async Task AdvanceUntilAsync(TestTime time, Func<bool> isMet)
    {
        while (!isMet())
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
