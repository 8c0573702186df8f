using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using CloudTicks.Messaging;
using CloudTicks.Messaging.Nats;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Cli.Tests.Replaying;

public class ReplayTests(NatsFixture nats) : IClassFixture<NatsFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replay_to_nats_publishes_late_ticks_in_order()
    {
        await using var archive = await FilledAsync();
        await using var listener = await Listener.StartAsync(nats, "ticks.>");

        var run = await CliRun.OfAsync(
            Environment(archive), "replay", "--to-nats", "--speed", "max", "--symbols", "EURUSD", "AAPL", "--from",
            Text(TestArchive.FirstMs + 10), "--to", Text(TestArchive.FirstMs + 60), "--json");

        run.ExitCode.ShouldBe(0, run.Errors);
        run.Number("published").ShouldBe(300);
        var ticks = await listener.TakeAsync(300);
        ticks.ShouldAllBe(tick => tick.GetProperty("source").GetString() == "replay");
        var times = ticks.Select(tick => tick.GetProperty("timestamp_ms").GetInt64()).ToList();
        times.ShouldBe(times.Order());
        (times[0], times[^1]).ShouldBe((TestArchive.FirstMs + 10, TestArchive.FirstMs + 59));
        ticks.Select(tick => tick.GetProperty("id").GetString()).Distinct().Count().ShouldBe(300);
    }

    [Fact]
    public async Task Replay_to_nats_observes_the_requested_speed()
    {
        await using var archive = await FilledAsync();

        await using var listener = await Listener.StartAsync(nats, "slow.ticks.EURUSD");
        // 100 ms of ticks, replayed over a thousand seconds: no client can receive all of them during the test.
        using var program = CliProcess.Start(Environment(archive), "replay", "--to-nats", "--speed", "0.0001", "--subjects", "slow.ticks");
        var first = await listener.TakeAsync(1);

        first[0].GetProperty("timestamp_ms").GetInt64().ShouldBe(TestArchive.FirstMs);
        program.Exited.ShouldBeFalse();
    }

    [Fact]
    public async Task Replay_to_topic_keeps_feed_source_and_order()
    {
        await using var archive = await FilledAsync();

        var run = await CliRun.OfAsync(Environment(archive), "replay", "--to-topic", "backtest", "--json");

        run.ExitCode.ShouldBe(0, run.Errors);
        var records = archive.ReadAll("backtest");
        run.Number("records").ShouldBe(records.Count);
        records.ShouldAllBe(record => Encoding.UTF8.GetString(record.Message.Headers.GetLastBytes("feed")) == "simulated");
        var times = new Dictionary<string, List<long>>();
        foreach (var (partition, message) in records)
        {
            ReadTimes(partition, message.Value, times);
        }

        times.Keys.Order().ShouldBe(["AAPL", "BTC-USD", "EURUSD"]);
        times.Values.ShouldAllBe(list => list.Count == 300 && list.SequenceEqual(list.Order()));
    }

    [Theory]
    [InlineData("--even-tick-archive", "replay", "--to-topic", "tick_archive")]
    [InlineData("not ticks", "replay", "--to-topic", "tick_archive.dead")]
    [InlineData("Name exactly one target", "replay")]
    [InlineData("Name exactly one target", "replay", "--to-nats", "--to-table")]
    [InlineData("--to must be later", "replay", "--to-nats", "--from", "2025-01-28", "--to", "2025-01-27")]
    [InlineData("is not a time", "replay", "--to-nats", "--from", "yesterday")]
    [InlineData("a factor up to", "replay", "--to-nats", "--speed", "0")]
    [InlineData("is not a prefix of subjects", "replay", "--to-nats", "--subjects", "a.>")]
    [InlineData("It is not a symbol", "tail", "EUR USD")]
    [InlineData("is not a whole number of at least 1", "tail", "EURUSD", "--count", "x")]
    [InlineData("is not a whole number of at least 1", "watch", "--count", "0")]
    [InlineData("cannot be read", "watch", "--server", "a b")]
    [InlineData("--format", "export")]
    public async Task Invalid_usage_is_reported(string sentence, params string[] arguments)
    {
        var run = await CliRun.OfAsync(new Dictionary<string, string?>(), arguments);

        (run.ExitCode, run.Output).ShouldBe((2, ""));
        run.Errors.ShouldContain(sentence);
    }

    [Theory]
    [InlineData("replay")]
    [InlineData("export")]
    [InlineData("tail")]
    [InlineData("watch")]
    public async Task Help_has_examples_and_exit_codes(string command)
    {
        var run = await CliRun.OfAsync(new Dictionary<string, string?>(), command, "--help");

        run.ExitCode.ShouldBe(0);
        run.Output.ShouldContain("Exit code: 0");
        run.Output.ShouldContain($"cloudticks {command} ");
    }

    [Fact]
    public async Task Replay_without_an_event_hub_names_the_address()
    {
        var run = await CliRun.OfAsync(
            new Dictionary<string, string?> { ["ConnectionStrings__eventhubs"] = "127.0.0.1:1", ["ConnectionStrings__nats"] = nats.Url },
            "replay", "--to-nats");

        run.ExitCode.ShouldBe(1);
        run.Errors.ShouldContain("127.0.0.1:1");
        run.Errors.ShouldContain("is the event hub running?");
    }

    [Fact]
    public async Task Replay_to_unreachable_nats_reports_it()
    {
        var run = await CliRun.OfAsync(
            new Dictionary<string, string?> { ["ConnectionStrings__nats"] = "127.0.0.1:1" }, "replay", "--to-nats");

        run.ExitCode.ShouldBe(1);
        run.Errors.ShouldContain("NATS at nats://127.0.0.1:1 does not answer");
    }

    private Dictionary<string, string?> Environment(TestArchive archive) => new()
    {
        ["ConnectionStrings__eventhubs"] = archive.Hub.BootstrapServers,
        ["ConnectionStrings__nats"] = nats.Url,
    };

    /// <summary>
    /// 100 ms of ticks for each of three symbols, three ticks per millisecond. The second half is written before the first, and EURUSD's
    /// first half is written twice.
    /// </summary>
    private static async Task<TestArchive> FilledAsync()
    {
        var archive = await TestArchive.StartAsync();
        foreach (var symbol in (Symbol[])[TestArchive.EurUsd, TestArchive.Apple, TestArchive.Bitcoin])
        {
            await archive.AppendAsync(symbol, TickSource.Live, Enumerable.Range(150, 150));
            await archive.AppendAsync(symbol, TickSource.Backfill, Enumerable.Range(0, 150));
        }

        await archive.AppendAsync(TestArchive.EurUsd, TickSource.Live, Enumerable.Range(0, 150));
        return archive;
    }

    private static void ReadTimes(int partition, byte[] value, Dictionary<string, List<long>> times)
    {
        var reader = new TickBatchReader(new SymbolDictionary());
        reader.Open(value);
        (reader.Source, reader.Partition).ShouldBe((TickSource.Replay, partition));
        var tick = default(Tick);
        while (reader.TryRead(ref tick))
        {
            if (!times.TryGetValue(tick.Symbol.Name, out var list))
            {
                times.Add(tick.Symbol.Name, list = []);
            }

            list.Add(tick.TimestampMs);
        }
    }

    private static string Text(long ms) => ms.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A NATS subscriber that records messages.</summary>
    private sealed class Listener : IAsyncDisposable
    {
        private readonly ServiceProvider _services;
        private readonly ConcurrentQueue<JsonElement> _messages = new();
        private readonly SemaphoreSlim _arrived = new(0);

        private Listener(NatsFixture nats) => _services = new ServiceCollection().AddLogging().AddMetrics().AddSingleton<MessagingMetrics>()
            .AddSingleton(NatsConnectionSettings.Parse(nats.Url)).AddSingleton(TimeProvider.System).AddSingleton<NatsSubscriber>()
            .BuildServiceProvider();

        public static async Task<Listener> StartAsync(NatsFixture nats, string subject)
        {
            var listener = new Listener(nats);
            var subscriber = listener._services.GetRequiredService<NatsSubscriber>();
            subscriber.Subscribe(subject, (_, payload) => listener.Add(payload));
            await subscriber.ReadyAsync(Cancellation);
            return listener;
        }

        public async Task<List<JsonElement>> TakeAsync(int count)
        {
            var taken = new List<JsonElement>();
            while (taken.Count < count)
            {
                await _arrived.WaitAsync(Cancellation);
                _messages.TryDequeue(out var message).ShouldBeTrue();
                taken.Add(message);
            }

            return taken;
        }

        public async ValueTask DisposeAsync()
        {
            await _services.DisposeAsync();
            _arrived.Dispose();
        }

        private void Add(ReadOnlySpan<byte> payload)
        {
            using var document = JsonDocument.Parse(payload.ToArray());
            _messages.Enqueue(document.RootElement.Clone());
            _arrived.Release();
        }
    }
}
