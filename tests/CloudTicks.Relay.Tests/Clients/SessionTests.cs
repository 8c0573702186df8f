using System.Net;
using System.Net.WebSockets;
using CloudTicks.Simulator.Tests;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using Microsoft.Extensions.Options;

namespace CloudTicks.Relay.Tests.Clients;

/// <summary>The relay implements Polygon's protocol.</summary>
public sealed class SessionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Client_gets_the_events_of_its_channels_and_no_others()
    {
        await using var relay = await RelayHost.StartAsync();
        await using var client = await relay.OpenAsync("stocks");
        await client.SubscribeAsync("T.AAPL", "Q.MSFT");

        relay.Publish("MSFT", TickKind.Trade, 1);
        relay.Publish("AAPL", TickKind.Trade, 2);
        relay.Publish("AAPL", TickKind.Quote, 3);
        relay.Publish("MSFT", TickKind.Quote, 4);

        (await NumbersAsync(client, 2)).ShouldBe([2, 4]);
    }

    [Fact]
    public async Task Event_arrives_byte_for_byte()
    {
        await using var relay = await RelayHost.StartAsync();
        await using var client = await relay.OpenAsync("stocks");
        await client.SubscribeAsync("T.AAPL");

        relay.Publish("AAPL", TickKind.Trade, """{"ev":"T","sym":"AAPL","p":1.10,"s":4e-05},{"ev":"T","sym":"AAPL","p":2}"""u8, 2);

        System.Text.Encoding.UTF8.GetString((await client.ReadFrameAsync()).ShouldNotBeNull().Span)
            .ShouldBe("""[{"ev":"T","sym":"AAPL","p":1.10,"s":4e-05},{"ev":"T","sym":"AAPL","p":2}]""");
    }

    [Fact]
    public async Task Wildcard_covers_new_and_individually_unsubscribed_symbols()
    {
        await using var relay = await RelayHost.StartAsync();
        await using var client = await relay.OpenAsync("stocks");
        await client.SubscribeAsync("T.*", "T.AAPL");
        await client.SendAsync("unsubscribe", "T.AAPL");
        (await client.ReadStatusAsync()).ShouldBe("success: unsubscribed to: T.AAPL");

        relay.Publish("AAPL", TickKind.Trade, 1);
        relay.Publish("NVDA", TickKind.Trade, 2);
        relay.Publish("NVDA", TickKind.Quote, 3);
        await client.SendAsync("unsubscribe", "T.*");
        (await client.ReadStatusAsync()).ShouldBe("success: unsubscribed to: T.*");
        relay.Publish("NVDA", TickKind.Trade, 4);
        await client.SubscribeAsync("T.IBM");
        relay.Publish("IBM", TickKind.Trade, 5);

        (await NumbersAsync(client, 3)).ShouldBe([1, 2, 5]);
    }

    [Fact]
    public async Task Each_of_many_clients_gets_the_same_events()
    {
        await using var relay = await RelayHost.StartAsync();
        var clients = new List<FeedClient>();
        for (var index = 0; index < 20; index++)
        {
            clients.Add(await relay.OpenAsync("stocks"));
            await clients[^1].SubscribeAsync("T.AAPL");
        }

        for (var number = 0; number < 500; number++)
            relay.Publish("AAPL", TickKind.Trade, number);

        foreach (var client in clients)
        {
            (await NumbersAsync(client, 500)).ShouldBe(Enumerable.Range(0, 500));
            await client.DisposeAsync();
        }

        await relay.UntilAsync(connected => connected.GetArrayLength() == 0);
    }

    [Fact]
    public async Task Client_without_a_key_in_time_is_disconnected()
    {
        var time = new TestTime();
        await using var relay = await RelayHost.StartAsync(time);
        await using var client = await relay.ConnectAsync("stocks");
        (await client.ReadStatusAsync()).ShouldBe("connected: Connected Successfully");

        time.Advance(TimeSpan.FromSeconds(10));

        (await client.ReadStatusAsync())!.ShouldStartWith("auth_timeout: ");
        (await client.ReadAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Subscription_before_authentication_is_refused()
    {
        await using var relay = await RelayHost.StartAsync();
        await using var client = await relay.ConnectAsync("stocks");
        await client.ReadStatusAsync();
        await client.SendAsync("subscribe", "T.AAPL");
        (await client.ReadStatusAsync()).ShouldBe("error: not authorized");

        await client.SendAsync("auth", "any");
        (await client.ReadStatusAsync()).ShouldBe("auth_success: authenticated");
        await client.SubscribeAsync("T.AAPL");
    }

    [Fact]
    public async Task Bars_are_refused_and_unknown_channels_ignored()
    {
        await using var relay = await RelayHost.StartAsync();
        await using var client = await relay.OpenAsync("crypto");

        await client.SendAsync("subscribe", "XA.BTC-USD,ZZ.BTC-USD,XAS.BTC-USD,XT.BTC-USD");

        (await client.ReadStatusAsync())!.ShouldStartWith("error: XA.BTC-USD: not authorized");
        (await client.ReadStatusAsync())!.ShouldStartWith("error: XAS.BTC-USD: not authorized");
        (await client.ReadStatusAsync()).ShouldBe("success: subscribed to: XT.BTC-USD");
    }

    [Theory]
    [InlineData("[not json")]
    [InlineData("""{"action":"dance"}""")]
    [InlineData("[]")]
    [InlineData("""{"action":5,"params":{}}""")]
    public async Task Invalid_message_gets_a_status_and_the_session_continues(string text)
    {
        await using var relay = await RelayHost.StartAsync();
        await using var client = await relay.OpenAsync("stocks");

        await client.SendTextAsync(text);

        (await client.ReadStatusAsync())!.ShouldStartWith("error: not understood");
        await client.SubscribeAsync("T.AAPL");
    }

    [Fact]
    public async Task Binary_message_is_answered_and_a_huge_one_ends_its_session()
    {
        await using var relay = await RelayHost.StartAsync();
        await using var other = await relay.OpenAsync("stocks");
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(relay.Address) { Scheme = "ws", Path = "stocks" }.Uri, Cancellation);
        await ReadTextAsync(socket);
        await socket.SendAsync(new byte[] { 0, 255, 7 }, WebSocketMessageType.Binary, true, Cancellation);
        (await ReadTextAsync(socket)).ShouldContain("not understood");

        try
        {
            await socket.SendAsync(new byte[8_000_000], WebSocketMessageType.Text, true, Cancellation);
        }
        catch (WebSocketException)
        {
            // The relay closed the connection before the whole message was sent.
        }

        await relay.UntilAsync(clients => clients.GetArrayLength() == 1);
        await other.SubscribeAsync("T.AAPL");
    }

    [Theory]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Host", "evil.example")]
    public async Task Page_of_another_origin_opens_no_session(string header, string value)
    {
        await using var relay = await RelayHost.StartAsync();
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader(header, value);

        await Should.ThrowAsync<WebSocketException>(
            () => socket.ConnectAsync(new UriBuilder(relay.Address) { Scheme = "ws", Path = "stocks" }.Uri, Cancellation));

        (await relay.StatusAsync()).GetProperty("clients").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Unknown_path_is_not_found_and_a_market_needs_a_WebSocket()
    {
        await using var relay = await RelayHost.StartAsync();

        (await relay.Http.GetAsync("/indices", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await relay.Http.GetAsync("/stocks", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.UpgradeRequired);
    }

    [Fact]
    public void Non_loopback_address_requires_a_hub_with_keys() =>
        Should.Throw<FormatException>(() => RelayHost.Build("http://0.0.0.0:0", TimeProvider.System)).Message
            .ShouldContain("CentralHub__Endpoint");

    [Theory]
    [InlineData("AuthTimeout", "00:00:00")]
    [InlineData("MaxClients", "0")]
    [InlineData("MaxConnectionsPerKey", "0")]
    [InlineData("MaxSymbolsPerKey", "-1")]
    [InlineData("RequestsPerSecond", "0")]
    [InlineData("ClientBufferBytes", "100")]
    public async Task Invalid_setting_fails_the_start(string name, string value)
    {
        await using var app = RelayHost.Build("http://127.0.0.1:0", TimeProvider.System, $"Relay:{name}={value}");

        (await Should.ThrowAsync<OptionsValidationException>(() => app.StartAsync(Cancellation))).Message.ShouldContain($"Relay:{name}");
    }

    internal static async Task<List<int>> NumbersAsync(FeedClient client, int count)
    {
        var numbers = new List<int>(count);
        while (numbers.Count < count)
        {
            var element = (await client.ReadAsync()).ShouldNotBeNull();
            if (element.GetProperty("ev").GetString() != "status")
                numbers.Add(element.GetProperty("q").GetInt32());
        }

        return numbers;
    }

    private static async Task<string> ReadTextAsync(ClientWebSocket socket)
    {
        var buffer = new byte[4096];
        var result = await socket.ReceiveAsync(buffer.AsMemory(), Cancellation);
        return System.Text.Encoding.UTF8.GetString(buffer, 0, result.Count);
    }
}
