using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace CloudTicks.Polygon.Tests.Sessions;

/// <summary>The server's side of one WebSocket connection.</summary>
internal sealed class FeedPeer(WebSocket socket, HttpContext context)
{
    private readonly byte[] _buffer = new byte[64 << 10];

    public string Path { get; } = context.Request.Path;

    /// <summary>The client's messages, as action and parameters.</summary>
    public List<(string Action, string Parameters)> Received { get; } = [];

    /// <summary>The status of the client's close frame; null before it arrived.</summary>
    public WebSocketCloseStatus? ClientCloseStatus { get; private set; }

    public Exception? Problem { get; set; }

    public static string Status(string status, string message) =>
        JsonSerializer.Serialize(new[] { new { ev = "status", status, message } });

    public Task SendAsync(string message) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, context.RequestAborted);

    public Task SendFragmentAsync(string part, bool last) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(part), WebSocketMessageType.Text, last, context.RequestAborted);

    /// <summary>Waits for the next message; false when a close frame arrived instead.</summary>
    public async Task<bool> ReceiveAsync()
    {
        // Not cancelled when the client disconnects: on a busy machine it does so before this side has read its close frame.
        var result = await socket.ReceiveAsync(_buffer, CancellationToken.None);
        if (result.MessageType == WebSocketMessageType.Close)
        {
            ClientCloseStatus = result.CloseStatus;
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
            return false;
        }

        using var message = JsonDocument.Parse(_buffer.AsMemory(0, result.Count));
        Received.Add((message.RootElement.GetProperty("action").GetString()!, message.RootElement.GetProperty("params").GetString()!));
        return true;
    }

    /// <summary>Greets the client, accepts its key, and acknowledges its subscription except for the given channels.</summary>
    public async Task AcceptLoginAsync(params string[] unacknowledged)
    {
        await SendAsync(Status("connected", "Connected Successfully"));
        await ReceiveAsync();
        await SendAsync(Status("auth_success", "authenticated"));
        await ReceiveAsync();
        foreach (var channel in Received[^1].Parameters.Split(',').Except(unacknowledged))
        {
            await SendAsync(Status("success", $"subscribed to: {channel}"));
        }
    }

    /// <summary>Greets the client and acknowledges all requests, each message's channels in one frame, until the client closes.</summary>
    /// <param name="answer">
    /// Called for each message. Returns the response, which may be empty to send none, or null to acknowledge the message.
    /// </param>
    public async Task ServeAsync(Func<string, string[], string?>? answer = null)
    {
        await SendAsync(Status("connected", "Connected Successfully"));
        while (await ReceiveAsync())
        {
            var (action, parameters) = Received[^1];
            var names = parameters.Split(',');
            var message = answer?.Invoke(action, names)
                ?? (action == "auth" ? Status("auth_success", "authenticated") : Acknowledgements(action, names));
            if (message.Length > 0)
            {
                await SendAsync(message);
            }
        }
    }

    public static string Acknowledgements(string action, params string[] names) =>
        JsonSerializer.Serialize(names.Select(name => new { ev = "status", status = "success", message = $"{action}d to: {name}" }));

    /// <summary>Waits until the client disconnects, without reading, so that pings are not answered.</summary>
    public Task WaitForDisconnectAsync() =>
        Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);

    /// <summary>
    /// Reads until the client closes the connection. A script that waits for its test starts this first: only a read answers the client's
    /// pings, and the client ends a session after 10 s without an answer.
    /// </summary>
    public async Task UntilClosedAsync()
    {
        while (await ReceiveAsync())
        {
        }
    }

    public void Abort() => context.Abort();

    /// <summary>
    /// Waits until the client sends anything, which shows that it has received all earlier messages. Otherwise an abort might overtake
    /// them.
    /// </summary>
    public async Task ReceiveAnyAsync() => await socket.ReceiveAsync(_buffer, context.RequestAborted);

    public Task CloseAsync(WebSocketCloseStatus status, string reason) => socket.CloseOutputAsync(status, reason, context.RequestAborted);
}
