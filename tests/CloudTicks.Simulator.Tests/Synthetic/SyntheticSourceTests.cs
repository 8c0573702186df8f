using CloudTicks.Polygon.Serving.Events;
using CloudTicks.Polygon.Serving.Sessions;
using CloudTicks.Simulator.Channels;
using CloudTicks.Simulator.Faults;
using CloudTicks.Simulator.Sessions;
using CloudTicks.Simulator.Synthetic;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Identity;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CloudTicks.Simulator.Tests.Synthetic;

public sealed class SyntheticSourceTests
{
    [Fact]
    public void Equal_seed_and_clock_produce_equal_events() => Run(seed: 7, seconds: 2).ShouldBe(Run(seed: 7, seconds: 2));

    [Fact]
    public void Different_seed_produces_different_events() => Run(seed: 8, seconds: 1).ShouldNotBe(Run(seed: 7, seconds: 1));

    [Fact]
    public void Due_ticks_follow_the_clock_without_drift()
    {
        var (source, time) = Start(rate: 1_000, "EURUSD", "USDJPY");
        var taken = 0;
        foreach (var pause in Enumerable.Range(0, 400).Select(index => TimeSpan.FromTicks(12_345 + (index * 37 % 50_000))))
        {
            time.Advance(pause);
            taken += TakeAll(source, []);
        }

        taken.ShouldBe((int)(time.GetTimestamp() / TimeSpan.TicksPerMillisecond));
    }

    [Fact]
    public void Backlog_of_more_than_a_second_is_dropped()
    {
        var (source, time) = Start(rate: 1_000, "EURUSD");
        time.Advance(TimeSpan.FromMinutes(1));

        TakeAll(source, []).ShouldBe(1);
        time.Advance(TimeSpan.FromSeconds(1));
        TakeAll(source, []).ShouldBe(999);
    }

    [Theory]
    [InlineData("EURUSD", 5)]
    [InlineData("USDJPY", 3)]
    [InlineData("XAUUSD", 2)]
    [InlineData("XAGUSD", 4)]
    [InlineData("EURCHF", 5)]
    [InlineData("CHFJPY", 3)]
    public void Prices_stay_near_their_level_and_quotes_differ(
        string symbol, int decimals)
    {
        var (source, time) = Start(rate: 300_000, symbol);
        var scales = new HashSet<int>();
        var identities = new HashSet<ulong>();
        var (lowest, highest, count) = (double.MaxValue, 0.0, 0);
        for (var ms = 0; ms < 1_000; ms++)
        {
            time.Advance(TimeSpan.FromMilliseconds(1));
            source.Advance();
            Tick tick = default;
            while (source.TryRead(ref tick, out _))
            {
                tick.Bid.ShouldBeLessThan(tick.Ask);
                scales.Add(tick.Bid.Scale);
                identities.Add(TickIdentity.Of(tick)).ShouldBeTrue();
                (lowest, highest, count) = (Math.Min(lowest, tick.Bid.ToDouble()), Math.Max(highest, tick.Ask.ToDouble()), count + 1);
            }
        }

        count.ShouldBe(300_000);
        scales.Max().ShouldBe(decimals);
        (highest / lowest).ShouldBeLessThan(1.35);
    }

    [Fact]
    public void Generating_and_writing_a_tick_does_not_allocate()
    {
        var (source, time) = Start(rate: 100_000, "EURUSD", "AAPL");
        time.Advance(TimeSpan.FromMilliseconds(100));
        TakeAll(source, []);
        var buffer = new byte[EventJson.MaxBytes];
        time.Advance(TimeSpan.FromMilliseconds(100));
        source.Advance();

        var before = GC.GetAllocatedBytesForCurrentThread();
        Tick tick = default;
        var totalBytes = 0;
        while (source.TryRead(ref tick, out _))
            totalBytes += EventJson.Write(tick, buffer);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        totalBytes.ShouldBeGreaterThan(500_000);
        allocated.ShouldBe(0);
    }

    private static List<string> Run(int seed, int seconds)
    {
        var (source, time) = Start(rate: 500, seed, "EURUSD", "XAUUSD", "AAPL");
        var events = new List<string>();
        for (var step = 0; step < seconds * 100; step++)
        {
            time.Advance(TimeSpan.FromMilliseconds(10));
            TakeAll(source, events);
        }

        events.Count.ShouldBe(500 * seconds);
        return events;
    }

    private static int TakeAll(SyntheticSource source, List<string> events)
    {
        source.Advance();
        var buffer = new byte[EventJson.MaxBytes];
        Tick tick = default;
        var taken = 0;
        while (source.TryRead(ref tick, out _))
        {
            taken++;
            events.Add(System.Text.Encoding.UTF8.GetString(buffer, 0, EventJson.Write(tick, buffer)));
        }

        return taken;
    }

    private static (SyntheticSource Source, ManualTime Time) Start(int rate, params string[] symbols) => Start(rate, 1, symbols);

    private static (SyntheticSource Source, ManualTime Time) Start(int rate, int seed, params string[] symbols)
    {
        var time = new ManualTime();
        var channels = new ChannelDirectory();
        var options = new SimulatorOptions { Rate = rate, Seed = seed };
        var source = new SyntheticSource(Options.Create(options), channels, time, NullLogger<SyntheticSource>.Instance);
        source.Open();
        var faults = new FaultBoard(time, NullLogger<FaultBoard>.Instance);
        var parts = new SessionParts(
            Options.Create(options), channels, source, faults, new SessionRegistry(faults), time, NullLogger<FeedSession>.Instance);
        var session = new FeedSession(
            1, Market.Forex, new FeedSocket(System.Net.WebSockets.WebSocket.CreateFromStream(Stream.Null, new()), () => { }), null, parts);
        foreach (var name in symbols)
        {
            Symbol.TryParse(name, out var symbol).ShouldBeTrue();
            channels.Subscribe(session, symbol, symbol.Market == Market.Stock ? TickKind.Trade : TickKind.Quote);
        }

        source.Advance();
        return (source, time);
    }
}
