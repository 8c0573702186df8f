using System.Net;
using System.Net.WebSockets;
using System.Text;
using CloudTicks.Relay.Clients;
using CloudTicks.Ticks;

namespace CloudTicks.Relay.Tests.Clients;

/// <summary>A client that connects over HTTP/2, as browsers and proxies may do over TLS: HTTP/2 does not upgrade connections.</summary>
public sealed class Http2ClientTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Client_over_http2_gets_events_byte_for_byte()
    {
        await using var relay = await RelayHost.StartAsync("Kestrel:EndpointDefaults:Protocols=Http2");
        using var client = new ClientWebSocket();
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        (client.Options.HttpVersion, client.Options.HttpVersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
        await client.ConnectAsync(new UriBuilder(relay.Address) { Scheme = "ws", Path = "stocks" }.Uri, invoker, Cancellation);
        await ReadAsync(client);
        await SendAsync(client, """{"action":"auth","params":"any"}""");
        await ReadAsync(client);
        await SendAsync(client, """{"action":"subscribe","params":"T.AAPL"}""");
        (await ReadAsync(client)).ShouldContain("subscribed to: T.AAPL");

        var large = $$"""{"ev":"T","sym":"{{new string('A', 2 * MessageBlocks.BlockBytes)}}"}""";
        relay.Publish("AAPL", TickKind.Trade, Encoding.UTF8.GetBytes(large));

        (await ReadAsync(client)).ShouldBe($"[{large}]");
    }

    private static Task SendAsync(ClientWebSocket client, string text) =>
        client.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, Cancellation);

    private static async Task<string> ReadAsync(ClientWebSocket client)
    {
        var buffer = new byte[4 * MessageBlocks.BlockBytes];
        for (var length = 0; ;)
        {
            var part = await client.ReceiveAsync(buffer.AsMemory(length), Cancellation);
            length += part.Count;
            if (part.EndOfMessage)
                return Encoding.UTF8.GetString(buffer, 0, length);
        }
    }
}
