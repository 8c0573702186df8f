using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using CloudTicks.Collection.Records;
using CloudTicks.Collection.Redis;
using CloudTicks.Messaging.Redis;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace CloudTicks.Collection.Tests.Redis;

public sealed class RedisOutletTests : IAsyncLifetime
{
    private const long FirstMs = 1_737_993_600_123;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ConcurrentQueue<string> _lines = new();
    private RedisServer _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await RedisServer.StartAsync("canary", Cancellation);

    [Fact]
    public async Task Tick_is_published_on_symbol_channel_as_on_nats()
    {
        var (outlet, metrics) = await StartAsync();
        // The timeouts are long, because a busy machine may delay the server.
        using var subscriber = await ConnectionMultiplexer.ConnectAsync(
            $"127.0.0.1:{_server.Port},password=canary,connectTimeout=60000,syncTimeout=60000");
        var seen = new ConcurrentQueue<string>();
        await subscriber.GetSubscriber().SubscribeAsync("ticks.*", (channel, value) => seen.Enqueue($"{channel} {value}"));
        await _server.UntilSubscribedAsync("ticks.*", Cancellation);

        outlet.Offer(Record("BRK.A", 0));
        outlet.Offer(new OutgoingRecord(0, "{}"u8.ToArray(), 0, RecordContent.Gaps));
        outlet.Offer(Record("BRK.A", 1));
        // A subscriber may see a tick before the outlet has the response, for which a stop waits only briefly.
        await UntilAsync(() => seen.Count == 2 && metrics.PublishedTicks == 2);
        await outlet.StopAsync(Cancellation);

        var first = seen.First();
        first.ShouldStartWith(
            $$"""ticks.BRK_A {"symbol":"BRK.A","timestamp_ms":{{FirstMs}},"bid":1.0451,"ask":1.0452,"received_ms":{{FirstMs + 12}},"id":""");
        metrics.PublishedTicks.ShouldBe(2);
        metrics.DroppedTicks.ShouldBe(0);
        outlet.Dispose();
    }

    [Fact]
    public async Task Redis_outage_drops_and_counts_ticks_and_logs_two_lines()
    {
        var (outlet, metrics) = await StartAsync();
        outlet.Offer(Record("EURUSD", 0));
        await UntilAsync(() => metrics.PublishedTicks == 1);

        await _server.KillAsync();
        var offeredCount = 1;
        for (; metrics.DroppedTicks < 10; offeredCount++)
        {
            outlet.Offer(Record("EURUSD", offeredCount));
            await Task.Delay(PollInterval, TimeProvider.System, Cancellation);
        }

        await _server.StartAsync(Cancellation);
        for (; !_lines.Any(line => line.Contains("accepts ticks again", StringComparison.Ordinal)); offeredCount++)
        {
            outlet.Offer(Record("EURUSD", offeredCount));
            await Task.Delay(PollInterval, TimeProvider.System, Cancellation);
        }

        // A stop waits only briefly for the responses to the last ticks.
        await UntilAsync(() => metrics.PublishedTicks + metrics.DroppedTicks >= offeredCount);
        await outlet.StopAsync(Cancellation);
        (metrics.PublishedTicks + metrics.DroppedTicks).ShouldBe(offeredCount);
        _lines.Count(line => line.Contains("Ticks are not published", StringComparison.Ordinal)).ShouldBe(1, string.Join('\n', _lines));
        _lines.Count(line => line.Contains("accepts ticks again", StringComparison.Ordinal)).ShouldBe(1, string.Join('\n', _lines));
        _lines.ShouldAllBe(line => !line.Contains("canary", StringComparison.Ordinal));
        outlet.Dispose();
    }

    [Fact]
    public async Task Stalled_redis_drops_ticks_when_queue_is_full()
    {
        var (outlet, metrics) = await StartAsync();
        _server.Pause();

        for (var number = 0; metrics.DroppedTicks < 10; number++)
        {
            outlet.Offer(Record("EURUSD", number));
            await Task.Yield();
        }

        _server.Resume();
        await outlet.StopAsync(Cancellation);
        _lines.ShouldContain(line => line.Contains("Ticks are not published", StringComparison.Ordinal));
        outlet.Dispose();
    }

    [Fact]
    public async Task Stop_with_a_stalled_redis_counts_every_tick()
    {
        const int ticks = 5;
        var (outlet, metrics) = await StartAsync();
        outlet.Offer(Record("EURUSD", 0));
        await UntilAsync(() => metrics.PublishedTicks == 1);
        _server.Pause();

        for (var number = 1; number < ticks; number++)
        {
            outlet.Offer(Record("EURUSD", number));
        }

        await outlet.StopAsync(Cancellation);
        (metrics.PublishedTicks + metrics.DroppedTicks).ShouldBe(ticks);
        _server.Resume();
        outlet.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _services.DisposeAsync();
    }

    private static async Task UntilAsync(Func<bool> reached)
    {
        while (!reached())
        {
            await Task.Delay(PollInterval, TimeProvider.System, Cancellation);
        }
    }

    private static OutgoingRecord Record(string name, int number)
    {
        Symbol.TryParse(name, out var symbol).ShouldBeTrue();
        var builder = new TickBatchBuilder(0, TickSource.Live);
        builder.Add(new Tick
        {
            Symbol = symbol!,
            Kind = TickKind.Quote,
            Fields = TickFields.Bid | TickFields.Ask,
            TimestampMs = FirstMs + number,
            ReceivedMs = FirstMs + number + 12,
            Bid = Price.Create(10451, 4),
            Ask = Price.Create(10452, 4),
        });
        return new OutgoingRecord(0, builder.ToRecord(), 1);
    }

    private async Task<(RedisOutlet Outlet, RedisMetrics Metrics)> StartAsync()
    {
        var metrics = new RedisMetrics(_services.GetRequiredService<IMeterFactory>());
        var publisher = new RedisPublisher(
            // The timeout is long, so that a server that a busy machine delays does not count as unavailable.
            RedisConnectionSettings.Parse($"redis://canary@127.0.0.1:{_server.Port}") with { Timeout = TimeSpan.FromSeconds(10) },
            TimeProvider.System, NullLogger<RedisPublisher>.Instance);
        var outlet = new RedisOutlet(publisher, metrics, TimeProvider.System, new Lines(_lines));
        await outlet.StartAsync(Cancellation);
        return (outlet, metrics);
    }

    private sealed class Lines(ConcurrentQueue<string> lines) : ILogger<RedisOutlet>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue(formatter(state, exception));
    }
}
