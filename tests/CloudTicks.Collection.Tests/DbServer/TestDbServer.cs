using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Tests.DbServer;

/// <summary>A server for ticks that fails requests as scripted, one failure per request, and then accepts all requests.</summary>
internal sealed class TestDbServer : IAsyncDisposable
{
    private readonly ConcurrentQueue<Func<HttpContext, Task>> _script = new();
    private readonly ConcurrentQueue<string> _saved = new();
    private readonly ConcurrentDictionary<string, bool> _keys = new();
    private readonly WebApplication _app;
    private int _concurrentRequests;
    private int _maxConcurrent;

    private TestDbServer(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.MapPost("/db_command", RespondAsync);
    }

    /// <summary>The URL that receives the requests.</summary>
    public Uri Url => new($"{_app.Urls.Single()}/db_command");

    /// <summary>The bodies of the accepted requests, in order.</summary>
    public IReadOnlyCollection<string> Saved => _saved;

    /// <summary>The highest number of concurrent requests so far.</summary>
    public int MaxConcurrent => Volatile.Read(ref _maxConcurrent);

    public static async Task<TestDbServer> StartAsync(int port = 0)
    {
        var server = new TestDbServer(port);
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>Responds to the next request with this status.</summary>
    public void Answer(int status, string body = "", string? retryAfter = null) => _script.Enqueue(async http =>
    {
        http.Response.StatusCode = status;
        if (retryAfter is not null)
        {
            http.Response.Headers.RetryAfter = retryAfter;
        }

        await http.Response.WriteAsync(body);
    });

    /// <summary>Resets the connection of the next request.</summary>
    public void Reset() => _script.Enqueue(http =>
    {
        http.Abort();
        return Task.CompletedTask;
    });

    /// <summary>
    /// Begins a success response to the next request, but aborts it in the middle; the request does not count as accepted.
    /// </summary>
    public void CutOff() => _script.Enqueue(async http =>
    {
        http.Response.ContentLength = 100;
        await http.Response.WriteAsync("{\"status\":");
        await http.Response.Body.FlushAsync();
        http.Abort();
    });

    /// <summary>Holds the next request until the task completes, then accepts it.</summary>
    public void Hold(Task until) => _script.Enqueue(async http =>
    {
        await until;
        await SaveAsync(http);
    });

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task RespondAsync(HttpContext http)
    {
        var concurrentNow = Interlocked.Increment(ref _concurrentRequests);
        InterlockedMax(ref _maxConcurrent, concurrentNow);
        try
        {
            await (_script.TryDequeue(out var respond) ? respond(http) : SaveAsync(http));
        }
        finally
        {
            Interlocked.Decrement(ref _concurrentRequests);
        }
    }

    /// <summary>The distinct keys of the accepted requests.</summary>
    public IReadOnlyCollection<string> Keys => [.. _keys.Keys];

    private async Task SaveAsync(HttpContext http)
    {
        _keys.TryAdd(http.Request.Headers["x-functions-key"].ToString(), true);
        http.Request.ContentType.ShouldBe("application/json");
        using var reader = new StreamReader(http.Request.Body);
        var body = await reader.ReadToEndAsync();
        var count = body.Split("\"timestamp\":").Length - 1;
        _saved.Enqueue(body);
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{{\"status\":\"ok\",\"saved\":{count}}}"));
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); seen < value && Interlocked.CompareExchange(ref target, value, seen) is var was
            && was != seen;)
        {
            seen = was;
        }
    }
}
