using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using CloudTicks.Ticks;

namespace CloudTicks.Simulator.Tests;

/// <summary>A plain WebSocket client, independent of the collector's code.</summary>
internal sealed class FeedClient : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly LinkedList<JsonElement> _events = new();
    private byte[] _buffer = new byte[1_000_000];
    private Task<ReadOnlyMemory<byte>?>? _reading;

    public WebSocketState State => _socket.State;

    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    /// <param name="address">The address, including the market's path.</param>
    /// <param name="pongTimeout">The interval between pings, and the timeout for a pong; null for no pings.</param>
    public static async Task<FeedClient> ConnectAsync(Uri address, TimeSpan? pongTimeout = null)
    {
        var client = new FeedClient();
        if (pongTimeout is { } patience)
            (client._socket.Options.KeepAliveInterval, client._socket.Options.KeepAliveTimeout) = (patience, patience);
        await client._socket.ConnectAsync(address, TestContext.Current.CancellationToken);
        return client;
    }

    /// <summary>Authenticates with a key; a simulator without a configured key accepts any.</summary>
    public async Task<FeedClient> AuthenticateAsync(string key = "any")
    {
        (await ReadStatusAsync()).ShouldBe("connected: Connected Successfully");
        await SendAsync("auth", key);
        (await ReadStatusAsync()).ShouldBe("auth_success: authenticated");
        return this;
    }

    /// <summary>Subscribes and reads the acknowledgements.</summary>
    public async Task<FeedClient> SubscribeAsync(params string[] channels)
    {
        await SendAsync("subscribe", string.Join(',', channels));
        foreach (var channel in channels)
            (await ReadStatusAsync()).ShouldBe($"success: subscribed to: {channel}");
        return this;
    }

    public Task SendAsync(string action, string parameters) =>
        SendTextAsync(JsonSerializer.Serialize(new { action, @params = parameters }));

    public Task SendTextAsync(string text) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, TestContext.Current.CancellationToken);

    /// <summary>The next event, from the current or the next frame; null when the connection has ended.</summary>
    public async Task<JsonElement?> ReadAsync()
    {
        while (_events.First is null)
        {
            if (!await TakeFrameAsync())
                return null;
        }

        return Take(_events.First);
    }

    /// <summary>
    /// The bytes of the next frame, valid until the next call; null when the server has ended the connection or has not answered a ping.
    /// </summary>
    public async Task<ReadOnlyMemory<byte>?> ReadFrameAsync()
    {
        var frame = await (_reading ??= ReceiveAsync());
        _reading = null;
        return frame;
    }

    /// <summary>The next status; null when the connection has ended. Ticks before the status are kept for later reads.</summary>
    public async Task<string?> ReadStatusAsync()
    {
        for (var next = _events.First; ; next = next.Next)
        {
            while (next is null)
            {
                var last = _events.Last;
                if (!await TakeFrameAsync())
                    return null;
                next = last is null ? _events.First : last.Next;
            }

            if (next.Value.GetProperty("ev").GetString() != "status")
                continue;
            var status = Take(next);
            return $"{status.GetProperty("status").GetString()}: {status.GetProperty("message").GetString()}";
        }
    }

    /// <summary>Drops received events that the test has not read.</summary>
    public void DropTicks() => _events.Clear();

    /// <summary>Returns the next frame that meets a condition, and skips the frames before it.</summary>
    public async Task<string> ReadFrameAsync(Predicate<string> matches)
    {
        string frame;
        do
        {
            frame = Encoding.UTF8.GetString((await ReadFrameAsync()).ShouldNotBeNull().Span);
        }
        while (!matches(frame));
        return frame;
    }

    /// <summary>Returns the next tick, and skips statuses before it; null when the connection has ended.</summary>
    public async Task<ReceivedTick?> ReadTickAsync(Market market)
    {
        while (await ReadAsync() is { } element)
        {
            if (element.GetProperty("ev").GetString() != "status")
                return ReceivedTick.Of(market, element);
        }

        return null;
    }

    public async Task<List<ReceivedTick>> ReadTicksAsync(Market market, int count)
    {
        var ticks = new List<ReceivedTick>(count);
        while (ticks.Count < count)
            ticks.Add((await ReadTickAsync(market)).ShouldNotBeNull());
        return ticks;
    }

    /// <summary>
    /// Keeps reading while awaiting a task that itself waits for a reader, such as a stop that sends a frame. Received frames are kept.
    /// </summary>
    public async Task<T> ReadWhileAsync<T>(Task<T> other)
    {
        while (!other.IsCompleted)
        {
            _reading ??= ReceiveAsync();
            await Task.WhenAny(other, _reading);
            if (_reading.IsCompleted && !await TakeFrameAsync())
                break;
        }

        return await other;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_socket.State == WebSocketState.Open)
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        }
        catch (WebSocketException)
        {
            // The server closed first.
        }

        _socket.Dispose();
    }

    private async Task<bool> TakeFrameAsync()
    {
        if (await ReadFrameAsync() is not { } bytes)
            return false;
        using var frame = JsonDocument.Parse(bytes);
        frame.RootElement.ValueKind.ShouldBe(JsonValueKind.Array);
        foreach (var element in frame.RootElement.EnumerateArray())
            _events.AddLast(element.Clone());
        return true;
    }

    private JsonElement Take(LinkedListNode<JsonElement> node)
    {
        _events.Remove(node);
        return node.Value;
    }

    private async Task<ReadOnlyMemory<byte>?> ReceiveAsync()
    {
        var length = 0;
        ValueWebSocketReceiveResult result;
        try
        {
            do
            {
                if (length == _buffer.Length)
                    Array.Resize(ref _buffer, 2 * length);
                result = await _socket.ReceiveAsync(_buffer.AsMemory(length), TestContext.Current.CancellationToken);
                length += result.Count;
            }
            while (!result.EndOfMessage);
        }
        catch (WebSocketException exception)
            when (exception.WebSocketErrorCode is WebSocketError.ConnectionClosedPrematurely or WebSocketError.Faulted)
        {
            return null;
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            return null;
        }

        return result.MessageType == WebSocketMessageType.Close ? default(ReadOnlyMemory<byte>?) : _buffer.AsMemory(0, length);
    }
}
