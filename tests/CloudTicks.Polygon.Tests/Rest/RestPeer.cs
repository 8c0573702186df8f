using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using CloudTicks.Polygon.Requests;
using CloudTicks.Polygon.Rest;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Polygon.Tests.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CloudTicks.Polygon.Tests.Rest;

/// <summary>A scripted REST server with a client.</summary>
internal sealed class RestPeer : IAsyncDisposable
{
    public const string ApiKey = "canary-key-1234";

    private readonly WebApplication _app;
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly RequestBudget _budget = new(1_000);
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, long> _counters = new();
    private PolygonRestClient? _client;

    private RestPeer(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    public ConcurrentQueue<string> Requests { get; } = new();

    public CapturedLog Log { get; } = new();

    public PolygonRestClient Client => _client!;

    /// <summary>Starts a server with a script that receives the number of each request, starting at 0.</summary>
    public static async Task<RestPeer> StartAsync(Func<HttpContext, int, Task> answer, TimeProvider? time = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var peer = new RestPeer(app);
        var count = -1;
        app.Run(context =>
        {
            peer.Requests.Enqueue(
                $"{context.Request.Path}{Uri.UnescapeDataString(context.Request.QueryString.Value!)}"
                    + $"|{context.Request.Headers.Authorization}");
            return answer(context, Interlocked.Increment(ref count));
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        peer.Listen();
        peer._client = peer.CreateClient(new PolygonOptions { Endpoint = peer.Address }, time ?? TimeProvider.System);
        return peer;
    }

    /// <summary>Starts a server whose n-th response is the n-th text; the last text is repeated.</summary>
    public static Task<RestPeer> StartAsync(params string[] answers) =>
        StartAsync((context, number) => context.Response.WriteAsync(answers[Math.Min(number, answers.Length - 1)]));

    public PolygonRestClient CreateClient(PolygonOptions options, TimeProvider time) => new(
        Options.Create(options),
        new PolygonApiKey(new ConfigurationBuilder().AddInMemoryCollection([new(PolygonApiKey.Setting, ApiKey)]).Build()), _budget,
        new PolygonMetrics(_services.GetRequiredService<IMeterFactory>()), time, new CapturedRestLog(Log));

    /// <summary>The sum of a counter. The name is that of the instrument, followed by the value of each tag.</summary>
    public long CounterValue(string name) => _counters.GetValueOrDefault(name);

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        _listener.Dispose();
        await _app.DisposeAsync();
        _budget.Dispose();
        await _services.DisposeAsync();
    }

    private void Listen()
    {
        var factory = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == factory)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var key = instrument.Name;
            foreach (var tag in tags)
            {
                key += $" {tag.Value}";
            }

            _counters.AddOrUpdate(key, value, (_, sum) => sum + value);
        });
        _listener.Start();
    }

    private sealed class CapturedRestLog(CapturedLog log) : ILogger<PolygonRestClient>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Log(logLevel, eventId, state, exception, formatter);
    }
}
