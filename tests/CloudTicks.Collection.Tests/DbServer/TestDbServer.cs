using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Tests.DbServer;

/// <summary>
/// A server for ticks that misbehaves as it is told, one request after another, and well when nothing is left to misbehave in.
/// </summary>
internal sealed class TestDbServer : IAsyncDisposable
{
    private readonly ConcurrentQueue<Func<HttpContext, Task>> _misbehaviour = new();
    private readonly ConcurrentQueue<string> _saved = new();
    private readonly ConcurrentDictionary<string, bool> _keys = new();
    private readonly WebApplication _app;
    private int _atOnce;
    private int _mostAtOnce;

    private TestDbServer(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.MapPost("/db_command", AnswerAsync);
    }

    /// <summary>Where to post.</summary>
    public Uri Url => new($"{_app.Urls.Single()}/db_command");

    /// <summary>The bodies that were answered with 200, in their order.</summary>
    public IReadOnlyCollection<string> Saved => _saved;

    /// <summary>The most requests that were there at the same time.</summary>
    public int MostAtOnce => Volatile.Read(ref _mostAtOnce);

    public static async Task<TestDbServer> StartAsync(int port = 0)
    {
        var server = new TestDbServer(port);
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>Answers the next request with a status, and says nothing of its ticks.</summary>
    public void Answer(int status, string body = "", string? retryAfter = null) => _misbehaviour.Enqueue(async http =>
    {
        http.Response.StatusCode = status;
        if (retryAfter is not null)
        {
            http.Response.Headers.RetryAfter = retryAfter;
        }

        await http.Response.WriteAsync(body);
    });

    /// <summary>Resets the connection of the next request.</summary>
    public void Reset() => _misbehaviour.Enqueue(http =>
    {
        http.Abort();
        return Task.CompletedTask;
    });

    /// <summary>Answers the next request well, and cuts the answer off in its middle.</summary>
    public void CutOff() => _misbehaviour.Enqueue(async http =>
    {
        http.Response.ContentLength = 100;
        await http.Response.WriteAsync("{\"status\":");
        await http.Response.Body.FlushAsync();
        http.Abort();
    });

    /// <summary>Holds the next request until the task completes, then answers it well.</summary>
    public void Hold(Task until) => _misbehaviour.Enqueue(async http =>
    {
        await until;
        await SaveAsync(http);
    });

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        var now = Interlocked.Increment(ref _atOnce);
        InterlockedMax(ref _mostAtOnce, now);
        try
        {
            await (_misbehaviour.TryDequeue(out var misbehave) ? misbehave(http) : SaveAsync(http));
        }
        finally
        {
            Interlocked.Decrement(ref _atOnce);
        }
    }

    /// <summary>The keys that the requests showed, each once.</summary>
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
