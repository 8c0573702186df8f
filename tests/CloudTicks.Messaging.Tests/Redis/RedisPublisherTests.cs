using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using CloudTicks.Messaging.Redis;
using CloudTicks.TestServices;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace CloudTicks.Messaging.Tests.Redis;

public class RedisPublisherTests
{
    private static readonly TimeSpan AttemptInterval = TimeSpan.FromMilliseconds(20);

    // A slow server, as on a busy machine, must not count as stalled.
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Messages_arrive_in_order_on_their_channels()
    {
        await using var server = await RedisServer.StartAsync("s3cret", Cancellation);
        await using var publisher = Publisher($"redis://s3cret@127.0.0.1:{server.Port}");
        await using var subscriber = await Subscriber.StartAsync(server, ",password=s3cret");

        (await publisher.PublishAsync(Batch(0, 1_000), Cancellation)).ShouldBeTrue();

        await subscriber.UntilAsync(1_000);
        subscriber.Seen.ShouldBe(Enumerable.Range(0, 1_000).Select(number => $"ticks.A{number % 3} {number}"));
    }

    [Fact]
    public async Task Messages_during_an_outage_are_reported_lost()
    {
        await using var server = await RedisServer.StartAsync(null, Cancellation);
        await using var publisher = Publisher($"127.0.0.1:{server.Port}");
        (await publisher.PublishAsync(Batch(0, 10), Cancellation)).ShouldBeTrue();

        await server.KillAsync();
        (await UntilAsync(publisher, expected: false)).ShouldNotBeEmpty();
        await server.StartAsync(Cancellation);
        await UntilAsync(publisher, expected: true);
        await using var subscriber = await Subscriber.StartAsync(server);
        (await publisher.PublishAsync(Batch(100, 10), Cancellation)).ShouldBeTrue();

        await subscriber.UntilAsync(10);
        subscriber.Seen.ShouldBe(Enumerable.Range(100, 10).Select(number => $"ticks.A{number % 3} {number}"));
    }

    [Fact]
    public async Task Server_started_later_is_found()
    {
        var server = await RedisServer.StartAsync(null, Cancellation);
        await server.KillAsync();
        await using var publisher = DisconnectedPublisher($"127.0.0.1:{server.Port}");

        (await publisher.PublishAsync(Batch(0, 1), Cancellation)).ShouldBeFalse();
        await server.StartAsync(Cancellation);

        await UntilAsync(publisher, expected: true);
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Wrong_password_is_reported_but_not_repeated()
    {
        await using var server = await RedisServer.StartAsync("s3cret", Cancellation);
        await using var publisher = DisconnectedPublisher($"redis://canary@127.0.0.1:{server.Port}");

        (await publisher.PublishAsync(Batch(0, 1), Cancellation)).ShouldBeFalse();

        publisher.Problem.ShouldNotBeEmpty();
        publisher.Problem.ShouldNotContain("canary");
        publisher.Server.ShouldBe($"127.0.0.1:{server.Port}");
    }

    [Fact]
    public async Task Stalled_server_gets_no_messages_until_it_responds()
    {
        await using var server = await RedisServer.StartAsync(null, Cancellation);
        var time = new TestTime();
        await using var publisher = Publisher($"127.0.0.1:{server.Port}", time);
        await using var subscriber = await Subscriber.StartAsync(server);
        (await publisher.PublishAsync(Batch(0, 1), Cancellation)).ShouldBeTrue();

        server.Pause();
        var publishing = publisher.PublishAsync(Batch(1, 1), Cancellation);
        await time.UntilTimerAsync(MaxWait, Cancellation);
        time.Advance(MaxWait);
        (await publishing).ShouldBeFalse();
        (await publisher.PublishAsync(Batch(2, 1), Cancellation)).ShouldBeFalse();
        server.Resume();
        await UntilAsync(publisher, expected: true);

        await subscriber.UntilAsync(2);
        subscriber.Seen.ShouldContain("ticks.A0 0");
        subscriber.Seen.ShouldNotContain("ticks.A2 2");
    }

    /// <summary>Creates a publisher for a running server.</summary>
    private static RedisPublisher Publisher(string address, TimeProvider? time = null) =>
        new(RedisConnectionSettings.Parse(address) with { Timeout = MaxWait }, time ?? TimeProvider.System,
            NullLogger<RedisPublisher>.Instance);

    /// <summary>Creates a publisher with the default timeout, for a server that it cannot connect to initially.</summary>
    private static RedisPublisher DisconnectedPublisher(string address) =>
        new(RedisConnectionSettings.Parse(address), TimeProvider.System, NullLogger<RedisPublisher>.Instance);

    /// <summary>Publishes an empty message until the result is the expected one.</summary>
    private static async Task<string> UntilAsync(RedisPublisher publisher, bool expected)
    {
        var batch = new MessageBatch();
        batch.Begin("other"u8, 1);
        batch.End(0);
        while (await publisher.PublishAsync(batch, Cancellation) != expected)
        {
            await Task.Delay(AttemptInterval, TimeProvider.System, Cancellation);
        }

        return publisher.Problem;
    }

    private static MessageBatch Batch(int first, int count)
    {
        var batch = new MessageBatch();
        for (var number = first; number < first + count; number++)
        {
            var text = number.ToString(CultureInfo.InvariantCulture);
            Encoding.UTF8.GetBytes(text, batch.Begin(Encoding.UTF8.GetBytes($"ticks.A{number % 3}"), 16));
            batch.End(text.Length);
        }

        return batch;
    }

    private sealed class Subscriber : IAsyncDisposable
    {
        private readonly ConnectionMultiplexer _connection;
        private readonly ConcurrentQueue<string> _seen = new();
        private readonly SemaphoreSlim _arrived = new(0);

        private Subscriber(ConnectionMultiplexer connection) => _connection = connection;

        public IReadOnlyCollection<string> Seen => _seen;

        public static async Task<Subscriber> StartAsync(RedisServer server, string moreOptions = "")
        {
            // The default limits of five seconds are too short on a loaded machine.
            var subscriber = new Subscriber(await ConnectionMultiplexer.ConnectAsync(
                $"127.0.0.1:{server.Port},connectTimeout=60000,syncTimeout=60000{moreOptions}"));
            subscriber._connection.PreserveAsyncOrder = true;
            await subscriber._connection.GetSubscriber().SubscribeAsync("ticks.*", subscriber.OnMessage);
            await server.UntilSubscribedAsync("ticks.*", Cancellation);
            return subscriber;
        }

        public async Task UntilAsync(int count)
        {
            while (_seen.Count < count)
            {
                await _arrived.WaitAsync(Cancellation);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _connection.CloseAsync();
            _connection.Dispose();
            _arrived.Dispose();
        }

        private void OnMessage(RedisChannel channel, RedisValue value)
        {
            _seen.Enqueue($"{channel} {value}");
            _arrived.Release();
        }
    }
}
