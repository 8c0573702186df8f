using System.Diagnostics.Metrics;
using CloudTicks.Collection.Counters;
using CloudTicks.Collection.Feeds;
using CloudTicks.Collection.Liveness;
using CloudTicks.Polygon;
using CloudTicks.Polygon.Hours;
using CloudTicks.Polygon.Sessions;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.Collection.Tests.Liveness;

/// <summary>
/// Tests the detection of stale symbols. The clock advances second by second; each second the test's ticks are sent, then the check runs.
/// </summary>
public sealed class StaleSymbolsTests : IDisposable, IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly CollectorCounters _counters = new();
    private readonly WatchedFeeds _feeds;
    private readonly FrameQueue _frames = new();
    private TestTime _time = new();
    private MarketHours _hours = new();
    private StaleSymbols? _stale;

    public StaleSymbolsTests() => _feeds = new WatchedFeeds(() => _time.GetUtcNow().ToUnixTimeMilliseconds());

    private StaleSymbols Stale => _stale ??= new StaleSymbols(
        _feeds, _counters, _hours, _frames, new LivenessMetrics(_services.GetRequiredService<IMeterFactory>()), _time,
        NullLogger<StaleSymbols>.Instance);

    [Fact]
    public void Check_silent_channel_reconnects_once_then_reports_once()
    {
        var (quiet, busy) = (Subscribe("EURUSD"), Subscribe("USDJPY"));
        AdvanceSeconds(60, _ => Tick(quiet, busy));

        AdvanceSeconds(10, _ => Tick(busy));
        _feeds.Reconnected.ShouldBeEmpty();
        AdvanceSeconds(2, _ => Tick(busy));

        _feeds.Reconnected.ShouldBe([quiet]);
        var change = _feeds.Changes.ShouldHaveSingleItem();
        (change.Channel, change.IsCovered, change.Cause).ShouldBe((quiet, false, LossCause.Stale));
        change.AtMs.ShouldBe(_counters.Symbols[quiet.Symbol].Quotes.LastReceivedMs!.Value);
        Stale.Reported.ShouldBeEmpty();

        AdvanceSeconds(120, _ => Tick(busy));
        _feeds.Reconnected.Count.ShouldBe(1);
        Stale.Reported.ShouldBe(["C.EUR/USD"]);
        _feeds.Changes.Count.ShouldBe(2);

        AdvanceSeconds(1, _ => Tick(busy, quiet));
        Stale.Reported.ShouldBeEmpty();
        _feeds.Changes[^1].ShouldBe(new CoverageChange(
            quiet, true, _counters.Symbols[quiet.Symbol].Quotes.LastReceivedMs!.Value, LossCause.None, ""));
    }

    [Fact]
    public void Check_silent_channels_of_one_connection_reconnect_once()
    {
        var (one, other, third) = (Subscribe("EURUSD"), Subscribe("USDJPY"), Subscribe("GBPUSD", slot: 1));
        AdvanceSeconds(60, _ => Tick(one, other, third));

        AdvanceSeconds(15, _ => { });

        _feeds.Reconnected.Count.ShouldBe(2);
        _feeds.Changes.Select(change => change.Channel).ShouldBe([one, other, third], ignoreOrder: true);
    }

    [Fact]
    public void Check_rare_channel_is_stale_after_ten_mean_pauses()
    {
        var rare = Subscribe("AAPL");
        AdvanceSeconds(1200, second => Tick(second % 30 == 0 ? [rare] : []));

        AdvanceSeconds(260, _ => { });
        _feeds.Reconnected.ShouldBeEmpty();
        AdvanceSeconds(30, _ => { });
        _feeds.Reconnected.ShouldBe([rare]);
    }

    [Fact]
    public void Check_repeated_pause_between_bursts_is_not_stale()
    {
        var bursty = Subscribe("EURUSD");

        AdvanceSeconds(3600, second => Tick(second % 60 < 12 ? Enumerable.Repeat(bursty, 20).ToArray() : []));

        // The first pause between bursts counts as silence; later pauses of the same length do not.
        _feeds.Reconnected.Count.ShouldBe(1);
        Stale.Reported.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("AAPL")]
    [InlineData("EURUSD")]
    public void Check_closed_market_is_not_stale(string name)
    {
        // Starts on Friday before forex and stocks close, and ends on Monday.
        _time = new TestTime(new DateTimeOffset(2025, 1, 17, 20, 0, 0, TimeSpan.Zero));
        var channel = Subscribe(name);
        var closesAt = name == "AAPL" ? new DateTimeOffset(2025, 1, 18, 1, 0, 0, TimeSpan.Zero)
            : new DateTimeOffset(2025, 1, 17, 22, 0, 0, TimeSpan.Zero);

        while (_time.GetUtcNow() < closesAt.AddDays(3))
        {
            AdvanceSeconds(1, _ => Tick(_time.GetUtcNow() < closesAt ? [channel] : []));
        }

        _feeds.Reconnected.ShouldBeEmpty();
        _feeds.Changes.ShouldBeEmpty();
    }

    [Fact]
    public void Check_channel_without_ticks_is_not_stale()
    {
        Subscribe("EURUSD");

        AdvanceSeconds(3600, _ => { });

        _feeds.Reconnected.ShouldBeEmpty();
    }

    [Fact]
    public async Task Check_ignores_process_pause_clock_step_and_queued_frames()
    {
        var channel = Subscribe("EURUSD");
        AdvanceSeconds(60, _ => Tick(channel));

        _time.Advance(TimeSpan.FromMinutes(5));
        Stale.Check();
        AdvanceSeconds(9, _ => { });
        _time.Shift(TimeSpan.FromMinutes(5));
        AdvanceSeconds(9, _ => { });
        _feeds.Reconnected.ShouldBeEmpty();

        AdvanceSeconds(1, _ => Tick(channel));
        await _frames.WriteAsync(new ReceivedFrame(Market.Forex, new byte[2 << 20], 2 << 20, 0), TestContext.Current.CancellationToken);
        AdvanceSeconds(60, _ => { });
        _feeds.Reconnected.ShouldBeEmpty();
    }

    [Fact]
    public void Check_channel_without_session_is_not_stale()
    {
        var channel = Subscribe("EURUSD");
        AdvanceSeconds(60, _ => Tick(channel));
        _feeds.Covered.Remove(channel);
        AdvanceSeconds(60, _ => { });
        _feeds.Reconnected.ShouldBeEmpty();

        _feeds.Covered[channel] = _time.GetUtcNow().ToUnixTimeMilliseconds();
        AdvanceSeconds(9, _ => { });
        _feeds.Reconnected.ShouldBeEmpty();
        AdvanceSeconds(60, _ => { });
        _feeds.Reconnected.ShouldBe([channel]);
    }

    [Theory]
    [InlineData("closed", 0)]
    [InlineData("open", 1)]
    public async Task Check_silence_reconnects_only_if_server_confirms_open(
        string market, int reconnected)
    {
        var status = "open";
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        await using var server = builder.Build();
        server.Run(context => context.Response.WriteAsync(context.Request.Path.Value!.EndsWith("now", StringComparison.Ordinal)
            ? $$"""{"market":"open","currencies":{"fx":"{{status}}","crypto":"open"},"serverTime":"2025-01-15T10:00:00-05:00"}"""
            : "[]"));
        await server.StartAsync(TestContext.Current.CancellationToken);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            [new(PolygonApiKey.Setting, "canary-key-1234"), new("Polygon:Endpoint", server.Urls.First()),
                new("Polygon:RateLimitPerSecond", "1000")]).Build();
        await using var polygon = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration)
            .AddSingleton<TimeProvider>(_time)
            .AddPolygon().BuildServiceProvider();
        _hours = polygon.GetRequiredService<MarketHours>();
        var statusRefresh = polygon.GetServices<IHostedService>().Single();
        await statusRefresh.StartAsync(TestContext.Current.CancellationToken);
        await _time.UntilTimerAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        var channel = Subscribe("EURUSD");
        AdvanceSeconds(60, _ => Tick(channel));

        status = market;
        AdvanceSeconds(12, _ => { });
        while (!_hours.Confirm(_time.GetUtcNow().AddSeconds(-5)))
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        AdvanceSeconds(3, _ => { });
        _feeds.Reconnected.Count.ShouldBe(reconnected);
        await statusRefresh.StopAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose() => _services.Dispose();

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private FeedChannel Subscribe(string name, int slot = 0)
    {
        Symbol.TryParse(name, out var symbol).ShouldBeTrue();
        var channel = new FeedChannel(symbol, TickKind.Quote);
        _feeds.Covered[channel] = _time.GetUtcNow().ToUnixTimeMilliseconds();
        _feeds.Slots[channel] = slot;
        return channel;
    }

    private void AdvanceSeconds(int seconds, Action<int> send)
    {
        for (var second = 0; second < seconds; second++)
        {
            _time.Advance(StaleSymbols.PollInterval);
            send(second);
            Stale.Check();
        }
    }

    private void Tick(params FeedChannel[] channels)
    {
        foreach (var channel in channels)
        {
            var nowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
            _counters.Symbols.GetOrAdd(channel.Symbol, _ => new SymbolActivity(0)).Of(channel.Kind).Add(nowMs, nowMs);
        }
    }

    private sealed class WatchedFeeds(Func<long> nowMs) : IWatchedFeeds
    {
        public Dictionary<FeedChannel, long> Covered { get; } = [];

        public Dictionary<FeedChannel, int> Slots { get; } = [];

        public List<FeedChannel> Reconnected { get; } = [];

        public List<CoverageChange> Changes { get; } = [];

        public IReadOnlyList<KeyValuePair<FeedChannel, long>> Subscribed() => [.. Covered];

        public int? SlotOf(FeedChannel channel) => Slots[channel];

        public void Reconnect(FeedChannel channel, string reason)
        {
            Reconnected.Add(channel);
            foreach (var other in Slots.Where(slot => slot.Value == Slots[channel]))
            {
                Covered[other.Key] = nowMs();
            }
        }

        public void ReportStaleChannels(IReadOnlyList<CoverageChange> changes) => Changes.AddRange(changes);
    }
}
