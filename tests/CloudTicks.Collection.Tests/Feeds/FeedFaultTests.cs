using System.Text.Json;
using CloudTicks.Collection.Tests.Replicas;
using CloudTicks.Polygon;
using CloudTicks.Polygon.Feeds;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Status;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Collection.Tests.Feeds;

/// <summary>Tests how the connections of a market handle each fault of the simulator.</summary>
public sealed class FeedFaultTests : IAsyncLifetime
{
    private const int Symbols = 12;
    private const int Channels = 2 * Symbols;

    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly Lock _lock = new();
    private readonly List<CoverageChange> _changes = [];
    private readonly FrameQueue _frames = new();
    private ServiceProcess? _simulator;
    private ServiceProvider? _services;
    private MarketFeed? _feed;
    private Task _run = Task.CompletedTask;

    private ServiceProcess Simulator => _simulator ?? throw new InvalidOperationException("Not started.");

    private MarketFeed Feed => _feed ?? throw new InvalidOperationException("Not started.");

    public async ValueTask InitializeAsync() =>
        _simulator = await ServiceProcess.StartAsync("SimulatorProgram", ("Simulator__Rate", "2000"));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        await Simulator.DisposeAsync();
    }

    [Theory]
    [InlineData("""{"fault":"evict","when":"auth","times":1}""")]
    [InlineData("""{"fault":"evict","when":"acks","times":1}""")]
    public async Task Eviction_moves_symbols_to_remaining_connections(string fault)
    {
        await InjectAsync(fault);

        Start(connections: 3);
        var status = await StatusAsync(status => status.LearntLimit is not null && status.IsConnected && Acknowledged(status) == Channels);

        status.LearntLimit.ShouldBe(2);
        status.Connections.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("oldest")]
    [InlineData("newest")]
    public async Task Connection_limit_is_learnt_whichever_session_ends(string which)
    {
        await InjectAsync($$"""{"fault":"connection-limit","limit":2,"which":"{{which}}"}""");

        Start(connections: 4);
        var status = await StatusAsync(status => status.Connections.Count <= 2 && status.IsConnected && Acknowledged(status) == Channels);

        status.LearntLimit.ShouldBe(2);
        LossesOfCoverage().ShouldAllBe(change => change.Cause == LossCause.ConnectionLimit);
    }

    [Theory]
    [InlineData("""{"fault":"drop","times":2}""")]
    [InlineData("""{"fault":"evict","when":"now","times":1}""")]
    [InlineData("""{"fault":"broken-frame","how":"truncated","times":3}""")]
    [InlineData("""{"fault":"broken-frame","how":"garbage","times":3}""")]
    [InlineData("""{"fault":"broken-frame","how":"utf8","times":1}""")]
    [InlineData("""{"fault":"broken-frame","how":"wire","times":1}""")]
    [InlineData("""{"fault":"huge-frame","bytes":5242880,"times":1}""")]
    [InlineData("""{"fault":"numbers","how":"exponent","times":100}""")]
    [InlineData("""{"fault":"dead","times":1,"for":30}""")]
    public async Task Session_fault_ends_with_all_channels_covered(string fault)
    {
        Start(connections: 2);
        await CoveredAsync(Channels);

        await InjectAsync(fault);
        await Simulator.UntilAsync(
            "api/v1/faults", faults => faults.EnumerateArray().All(known => known.GetProperty("strikes").GetInt32() > 0));
        await StatusAsync(_ => IsNoticed(fault));

        var status = await CoveredAsync(Channels);
        status.Failure.ShouldBeNull();
        LossesOfCoverage().ShouldAllBe(change => change.AtMs > 0 && change.Detail.Length > 0);
    }

    [Fact]
    public async Task Acknowledgements_in_a_frame_with_ticks_are_read()
    {
        await InjectAsync("""{"fault":"mixed"}""");

        Start(connections: 2);

        await CoveredAsync(Channels);
    }

    [Fact]
    public async Task Connections_that_break_on_connect_are_retried()
    {
        await InjectAsync("""{"fault":"drop","when":"connect","times":3}""");

        Start(connections: 2);

        await CoveredAsync(Channels);
    }

    [Theory]
    [InlineData("key", "authentication failed")]
    [InlineData("plan", "plan")]
    public async Task Refused_key_is_final_without_retries(string reason, string expected)
    {
        await InjectAsync($$"""{"fault":"auth-failure","reason":"{{reason}}"}""");

        Start(connections: 3);
        var status = await StatusAsync(
            status => status.Failure is not null && status.Connections.All(connection => connection.State == ConnectionState.Ended));

        status.Failure!.ShouldContain(expected);
        (await Simulator.GetAsync("api/v1/faults")).EnumerateArray().Sum(fault => fault.GetProperty("strikes").GetInt32())
            .ShouldBeLessThanOrEqualTo(3);
    }

    [Theory]
    [InlineData("""{"fault":"refuse","symbols":["SD"]}""")]
    [InlineData("""{"fault":"refuse","symbols":["SD"],"how":"channel"}""")]
    public async Task Refused_symbol_is_found_and_named(string fault)
    {
        await InjectAsync(fault);

        Start(connections: 1);
        var status = await StatusAsync(status => status.Refused.Count == 2 && Acknowledged(status) == Channels - 2);

        status.Refused.Keys.ShouldBe(["Q.SD", "T.SD"], ignoreOrder: true);
    }

    [Fact]
    public async Task Channels_are_subscribed_up_to_the_limit()
    {
        await InjectAsync("""{"fault":"channel-limit","limit":7}""");

        Start(connections: 1);
        var status = await StatusAsync(status => status.Refused.Count == Channels - 7);

        Acknowledged(status).ShouldBe(7);
        status.Refused.Values.ShouldAllBe(message => message.Contains("limit", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ignored_subscription_is_sent_again()
    {
        await InjectAsync("""{"fault":"ignore","symbols":["SD"],"times":1}""");

        Start(connections: 1);

        await CoveredAsync(Channels);
    }

    private static int Acknowledged(MarketFeedStatus status) => status.Connections.Sum(connection => connection.Acknowledged);

    /// <summary>Whether the collector has noticed the fault; always true for a fault that does not end a session.</summary>
    private bool IsNoticed(string fault)
    {
        string[] harmless = ["truncated", "garbage", "numbers"];
        return Array.Exists(harmless, name => fault.Contains(name, StringComparison.Ordinal)) || LossesOfCoverage().Count > 0;
    }

    private IReadOnlyList<CoverageChange> LossesOfCoverage()
    {
        lock (_lock)
        {
            return [.. _changes.Where(change => !change.IsCovered)];
        }
    }

    private async Task InjectAsync(string fault)
    {
        using var body = JsonDocument.Parse(fault);
        await Simulator.PostAsync("api/v1/faults", body.RootElement);
    }

    private void Start(int connections)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new(PolygonApiKey.Setting, "key"),
            new("Polygon:Endpoint", new UriBuilder(Simulator.Address) { Scheme = "ws" }.Uri.ToString()),
            new("Polygon:MaxConnections", $"{connections}"),
            new("Polygon:SymbolsPerConnection", $"{Symbols / connections}"),
            new("Polygon:RateLimitPerSecond", "1000"),
        ]).Build();
        _services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging().AddPolygon().BuildServiceProvider();
        _feed = _services.GetRequiredService<MarketFeedFactory>().Create(Market.Stock, _frames, changes =>
        {
            lock (_lock)
            {
                _changes.AddRange(changes);
            }
        });
        Feed.SetChannels(
            [.. Enumerable.Range(0, Symbols).SelectMany(number => Symbol.TryParse(Market.Stock, $"S{(char)('A' + number)}", out var symbol)
            ? (FeedChannel[])[new(symbol, TickKind.Quote), new(symbol, TickKind.Trade)] : [])]);
        _run = Task.WhenAll(Feed.RunAsync(_stop.Token), DrainAsync());
    }

    private async Task DrainAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            while (_frames.TryRead(out var frame))
            {
                frame.Return();
            }

            await _frames.WaitAsync(_stop.Token).AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task<MarketFeedStatus> CoveredAsync(int channels) => StatusAsync(status =>
    {
        lock (_lock)
        {
            return status.IsConnected && Acknowledged(status) == channels && _changes.Sum(change => change.IsCovered ? 1 : -1) == channels;
        }
    });

    private async Task<MarketFeedStatus> StatusAsync(Func<MarketFeedStatus, bool> reached)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var status = Feed.GetStatus(); ; status = Feed.GetStatus())
        {
            if (reached(status))
            {
                return status;
            }

            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
