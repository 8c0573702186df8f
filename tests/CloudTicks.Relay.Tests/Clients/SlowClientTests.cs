using CloudTicks.Ticks;

namespace CloudTicks.Relay.Tests.Clients;

/// <summary>A client that does not read is disconnected, and costs the others nothing.</summary>
public sealed class SlowClientTests
{
    [Fact]
    public async Task Client_that_does_not_read_is_disconnected_while_others_get_everything()
    {
        await using var relay = await RelayHost.StartAsync("Relay:ClientBufferBytes=1048576");
        await using var slow = await relay.OpenAsync("stocks");
        await slow.SubscribeAsync("T.AAPL");
        await using var quick = await relay.OpenAsync("stocks");
        await quick.SubscribeAsync("T.AAPL", "T.IBM");

        // The quick client reads each round before the next one is sent, so that it is never behind.
        var sent = 0;
        while ((await relay.StatusAsync()).GetProperty("clients").GetArrayLength() == 2)
        {
            for (var number = 0; number < 200; number++)
                relay.Publish("AAPL", TickKind.Trade, sent++);
            (await SessionTests.NumbersAsync(quick, 200)).ShouldBe(Enumerable.Range(sent - 200, 200));
        }

        relay.Publish("IBM", TickKind.Trade, -1);
        (await SessionTests.NumbersAsync(quick, 1)).ShouldBe([-1]);
        (await relay.StatusAsync()).GetProperty("clients").EnumerateArray().Single().GetProperty("sent_events").GetInt64()
            .ShouldBeGreaterThanOrEqualTo(sent);
    }
}
