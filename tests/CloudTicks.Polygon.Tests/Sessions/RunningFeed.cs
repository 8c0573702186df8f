using System.Diagnostics.Metrics;
using System.Text;
using CloudTicks.Polygon.Feeds;
using CloudTicks.Polygon.Requests;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Status;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Polygon.Tests.Sessions;

/// <summary>The connections of a market to a scripted feed. The connections run until this object is disposed.</summary>
internal sealed class RunningFeed : IAsyncDisposable
{
    public const string ApiKey = "canary-key-1234";

    /// <summary>Options with five symbols per connection.</summary>
    public static readonly PolygonOptions Small = new() { ReconnectDelay = TimeSpan.Zero, SymbolsPerConnection = 5 };

    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly RequestBudget _budget = new(100_000);
    private readonly Lock _lock = new();
    private readonly List<CoverageChange> _coverage = [];
    private TaskCompletionSource _covered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RunningFeed(
        ScriptedFeed feed, Market market, string[] symbols, SessionTimings? timings = null, PolygonOptions? options = null,
        RequestBudget? budget = null, ILearntLimits? limits = null, TimeProvider? time = null)
    {
        var key = new PolygonApiKey(new ConfigurationBuilder().AddInMemoryCollection([new(PolygonApiKey.Setting, ApiKey)]).Build());
        Options = new SettableOptions((options ?? new PolygonOptions { ReconnectDelay = TimeSpan.Zero }) with { Endpoint = feed.Address });
        Feed = new MarketFeedFactory(
            Options, key, budget ?? _budget, limits ?? new LimitsInMemory(),
            new PolygonMetrics(_services.GetRequiredService<IMeterFactory>()),
            // By default a server that a busy machine delays may close its side late.
            time ?? TimeProvider.System, Log).Create(
                market, Frames, OnCoverage, timings ?? new SessionTimings { Close = TimeSpan.FromMinutes(1) });
        SetSymbols(symbols);
        Run = Feed.RunAsync(_stop.Token);
    }

    public MarketFeed Feed { get; }

    public SettableOptions Options { get; }

    public FrameQueue Frames { get; } = new();

    public CapturedLog Log { get; } = new();

    public Task Run { get; }

    /// <summary>The coverage changes so far.</summary>
    public IReadOnlyList<CoverageChange> Coverage
    {
        get
        {
            lock (_lock)
            {
                return [.. _coverage];
            }
        }
    }

    /// <summary>The names of this many stocks.</summary>
    public static string[] Names(int count) => [.. Enumerable.Range(0, count).Select(number => $"S{number}")];

    public static FeedChannel[] Channels(Market market, params string[] symbols) =>
    [
        .. symbols.Select(name => Symbol.TryParse(market, name, out var symbol) ? symbol : throw new ArgumentException(name))
            .SelectMany(symbol => ((TickKind[])[TickKind.Quote, TickKind.Trade]).Where(kind => FeedChannel.Exists(market, kind))
                .Select(kind => new FeedChannel(symbol, kind))),
    ];

    public void SetSymbols(params string[] symbols) => Feed.SetChannels(Channels(Feed.Market, symbols));

    /// <summary>Waits until the coverage changes meet a condition.</summary>
    public async Task<IReadOnlyList<CoverageChange>> CoverageAsync(Func<IReadOnlyList<CoverageChange>, bool> reached)
    {
        while (true)
        {
            Task more;
            lock (_lock)
            {
                if (reached(_coverage))
                {
                    return [.. _coverage];
                }

                more = _covered.Task;
            }

            await more.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits until this many channels are covered.</summary>
    public Task CoveredAsync(int channels) => CoverageAsync(changes => changes.Sum(change => change.IsCovered ? 1 : -1) == channels);

    /// <summary>Waits until the status meets a condition.</summary>
    public async Task<MarketFeedStatus> StatusAsync(Func<MarketFeedStatus, bool> reached)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        for (var status = Feed.GetStatus(); ; status = Feed.GetStatus())
        {
            if (reached(status))
            {
                return status;
            }

            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The next frame with ticks, as text.</summary>
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
        _budget.Dispose();
        await _services.DisposeAsync();
    }

    private void OnCoverage(IReadOnlyList<CoverageChange> changes)
    {
        TaskCompletionSource covered;
        lock (_lock)
        {
            _coverage.AddRange(changes);
            (covered, _covered) = (_covered, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        covered.SetResult();
    }
}
