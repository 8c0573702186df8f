using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Polygon.Tests.Sessions;

/// <summary>A WebSocket server that plays one script per connection, in order. The last script is repeated.</summary>
internal sealed class ScriptedFeed : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Func<FeedPeer, Task>> _scripts;
    private readonly Channel<FeedPeer> _connections = Channel.CreateUnbounded<FeedPeer>();
    private int _accepted;

    private ScriptedFeed(Func<FeedPeer, Task>[] scripts)
    {
        _scripts = new(scripts);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.UseWebSockets();
        _app.Run(PlayAsync);
    }

    public Uri Address => new(_app.Urls.Single());

    /// <summary>The number of connections accepted so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    public static async Task<ScriptedFeed> StartAsync(params Func<FeedPeer, Task>[] scripts)
    {
        var feed = new ScriptedFeed(scripts);
        await feed._app.StartAsync(TestContext.Current.CancellationToken);
        return feed;
    }

    /// <summary>Waits until the script of a further connection has ended, and returns that connection.</summary>
    public ValueTask<FeedPeer> WaitForScriptEndAsync() => _connections.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    /// <summary>
    /// Responds to the REST requests of the collector: it has no history, and all markets are closed. Otherwise the collector would restart
    /// a session whose script is silent for long, as on a busy machine, but only while the real market is open.
    /// </summary>
    private static Task RespondAsync(HttpContext context)
    {
        switch (context.Request.Path.Value)
        {
            case "/v1/marketstatus/now":
                return context.Response.WriteAsync(
                    """{"market":"closed","currencies":{"fx":"closed","crypto":"closed"},"serverTime":"2025-01-18T10:00:00-05:00"}""");
            case "/v1/marketstatus/upcoming":
                return context.Response.WriteAsync("[]");
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
        }
    }

    private async Task PlayAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            await RespondAsync(context);
            return;
        }

        Interlocked.Increment(ref _accepted);
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var script = _scripts.Count > 1 && _scripts.TryDequeue(out var next) ? next : _scripts.First();
        var peer = new FeedPeer(socket, context);
        try
        {
            await script(peer);
            _connections.Writer.TryWrite(peer);
        }
        catch (Exception exception)
        {
            peer.Problem = exception;
            _connections.Writer.TryWrite(peer);
        }
    }
}
