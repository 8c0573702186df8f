using System.Diagnostics.Metrics;
using System.Text;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Polygon.Tests.Sessions;

/// <summary>A connection to a scripted feed, running until disposed.</summary>
internal sealed class RunningConnection : IAsyncDisposable
{
    public const string ApiKey = "canary-key-1234";

    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public RunningConnection(ScriptedFeed feed, Market market, string[] symbols, SessionTimings? timings = null)
    {
        var key = new PolygonApiKey(new ConfigurationBuilder().AddInMemoryCollection([new(PolygonApiKey.Setting, ApiKey)]).Build());
        var channels = symbols.Select(name => Symbol.TryParse(market, name, out var symbol) ? symbol : throw new ArgumentException(name))
            .SelectMany(symbol => ((TickKind[])[TickKind.Quote, TickKind.Trade]).Where(kind => Channel.Exists(market, kind))
                .Select(kind => new Channel(symbol, kind)));
        Connection = new PolygonConnection(
            market, [.. channels], Frames, new PolygonOptions { Endpoint = feed.Address, ReconnectDelay = TimeSpan.Zero }, key,
            timings ?? new SessionTimings(), new PolygonMetrics(_services.GetRequiredService<IMeterFactory>()), TimeProvider.System, Log);
        Run = Connection.RunAsync(_stop.Token);
    }

    public PolygonConnection Connection { get; }

    public FrameQueue Frames { get; } = new();

    public CapturedLog Log { get; } = new();

    public Task Run { get; }

    /// <summary>The next frame that is not made of statuses alone, as text.</summary>
    public async Task<string> TicksAsync()
    {
        while (true)
        {
            while (Frames.TryRead(out var frame))
            {
                var text = Encoding.UTF8.GetString(frame.Bytes.Span);
                frame.Return();
                if (text.Contains("\"C\"", StringComparison.Ordinal))
                {
                    return text;
                }
            }

            await Frames.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Run;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
        await _services.DisposeAsync();
    }
}
