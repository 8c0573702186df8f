using System.Net.WebSockets;
using System.Text;
using CloudTicks.Benchmarks.Comparing.Feed;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Benchmarks.Ingest;

/// <summary>A feed that sends prepared frames from memory to its only client, at almost no cost.</summary>
internal sealed class PreparedFeed : IAsyncDisposable
{
    private static readonly byte[] Connected = Status("connected");
    private static readonly byte[] Authenticated = Status("auth_success");

    private readonly WebApplication _app;
    private readonly TickFrames _frames;
    private readonly TaskCompletionSource<WebSocket> _subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private PreparedFeed(WebApplication app, TickFrames frames) => (_app, _frames) = (app, frames);

    public Uri Address => new(_app.Urls.Single().Replace("http", "ws", StringComparison.Ordinal));

    public int Ticks => _frames.Ticks;

    public static async Task<PreparedFeed> StartAsync(TickFrames frames, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var feed = new PreparedFeed(app, frames);
        app.UseWebSockets();
        app.Map("/stocks", feed.ServeAsync);
        await app.StartAsync(cancellationToken);
        return feed;
    }

    /// <summary>Sends all frames once the client has subscribed.</summary>
    public async Task SendAsync(int repeats, CancellationToken cancellationToken)
    {
        var socket = await _subscribed.Task.WaitAsync(cancellationToken);
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            foreach (var frame in _frames.Frames)
            {
                await socket.SendAsync(frame, WebSocketMessageType.Text, true, cancellationToken);
            }
        }
    }

    /// <summary>Waits until the client has subscribed.</summary>
    public Task ReadyAsync(CancellationToken cancellationToken) => _subscribed.Task.WaitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await _app.StopAsync(cancelled.Token);
        await _app.DisposeAsync();
    }

    private static byte[] Status(string status) =>
        Encoding.UTF8.GetBytes($$"""[{"ev":"status","status":"{{status}}","message":"{{status}}"}]""");

    private static async Task<string> ReadAsync(WebSocket socket, byte[] buffer, CancellationToken cancellationToken)
    {
        var message = new StringBuilder();
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer, cancellationToken);
            message.Append(Encoding.UTF8.GetString(buffer, 0, part.Count));
            if (part.EndOfMessage)
            {
                return message.ToString();
            }
        }
    }

    private async Task ServeAsync(HttpContext context)
    {
        var cancellationToken = context.RequestAborted;
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[64 * 1024];
        await socket.SendAsync(Connected, WebSocketMessageType.Text, true, cancellationToken);
        await ReadAsync(socket, buffer, cancellationToken);
        await socket.SendAsync(Authenticated, WebSocketMessageType.Text, true, cancellationToken);
        await ReadAsync(socket, buffer, cancellationToken);
        _subscribed.TrySetResult(socket);
        try
        {
            while (socket.State == WebSocketState.Open)
            {
                await ReadAsync(socket, buffer, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            // The collector has exited; a pass that misses ticks reports it.
        }
    }
}
