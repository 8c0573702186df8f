using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using CloudTicks.Ticks;

namespace AppHost.Tests.Relaying;

/// <summary>A WebSocket to a market of the relay or of another server of Polygon's protocol. It supports one reader at a time.</summary>
internal sealed class PlainSocket : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private byte[] _buffer = new byte[1 << 20];

    /// <param name="server">The server's address.</param>
    /// <param name="market">The market, which determines the path.</param>
    /// <param name="query">The query, such as <c>since=1700000000000</c>, or an empty text.</param>
    /// <param name="cancellationToken">Cancels the connect.</param>
    /// <exception cref="WebSocketException">The server is not available.</exception>
    public static async Task<PlainSocket> ConnectAsync(Uri server, Market market, string query, CancellationToken cancellationToken)
    {
        var client = new PlainSocket();
        try
        {
            var address = new UriBuilder(server) { Scheme = "ws", Path = PathOf(market), Query = query };
            await client._socket.ConnectAsync(address.Uri, cancellationToken);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    public Task SendAsync<T>(T message, CancellationToken cancellationToken) => _socket.SendAsync(
        Encoding.UTF8.GetBytes(JsonSerializer.Serialize(message)), WebSocketMessageType.Text, true, cancellationToken);

    /// <summary>The next message, valid until the next call; null when the server has closed the connection.</summary>
    /// <exception cref="WebSocketException">The connection was lost.</exception>
    public async Task<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        var length = 0;
        ValueWebSocketReceiveResult result;
        do
        {
            if (length == _buffer.Length)
                Array.Resize(ref _buffer, 2 * length);
            result = await _socket.ReceiveAsync(_buffer.AsMemory(length), cancellationToken);
            length += result.Count;
        }
        while (!result.EndOfMessage);
        return result.MessageType == WebSocketMessageType.Close ? null : _buffer.AsMemory(0, length);
    }

    public void Dispose() => _socket.Dispose();

    private static string PathOf(Market market) => market switch
    {
        Market.Forex => "forex",
        Market.Crypto => "crypto",
        Market.Option => "options",
        _ => "stocks",
    };
}
