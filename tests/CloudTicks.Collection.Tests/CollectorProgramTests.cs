using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.Json;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Producing;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;
using CloudTicks.LocalServices.Processes;
using CloudTicks.Polygon.Tests.Sessions;
using CloudTicks.TestServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CloudTicks.Collection.Tests;

[Collection(Hub.Name)]
public sealed class CollectorProgramTests(EventHubFixture fixture) : IDisposable
{
    private static readonly string ProgramPath = typeof(CollectorProgramTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "CollectorProgram").Value!;

    private static readonly TimeSpan StopTimeout = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<string> _lines = new();
    private TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Program_without_api_key_fails_with_message()
    {
        await using var collector = await StartAsync(("ConnectionStrings__eventhubs", fixture.BootstrapServers), ("POLYGON_API_KEY", ""));

        (await collector.Exited).ShouldNotBe(0);

        _lines.ShouldHaveSingleItem().ShouldContain("POLYGON_API_KEY is not set");
    }

    [Fact]
    public async Task Program_on_public_address_without_hub_fails_with_message()
    {
        await using var collector = await StartAsync(
            ("ConnectionStrings__eventhubs", fixture.BootstrapServers), ("POLYGON_API_KEY", "key"),
            ("Kestrel__Endpoints__Http__Url", "http://0.0.0.0:0"));

        (await collector.Exited).ShouldBe(2);

        _lines.ShouldHaveSingleItem().ShouldContain("set CentralHub__Endpoint");
    }

    [Theory]
    [InlineData("Collector__Lists", "sp-50", "did you mean sp-500?")]
    [InlineData("Collector__SymbolFiles", "/none/mine.yaml", "/none/mine.yaml cannot be read")]
    public async Task Program_with_invalid_symbols_fails_with_message(string setting, string value, string part)
    {
        await using var collector = await StartAsync(
            ("ConnectionStrings__eventhubs", fixture.BootstrapServers), ("POLYGON_API_KEY", "key"), (setting, value));

        (await collector.Exited).ShouldBe(2);

        _lines.ShouldHaveSingleItem().ShouldContain(part);
    }

    [Fact]
    public async Task Program_serves_status_and_drains_on_SIGTERM()
    {
        const int ticks = 3_000;
        await using var feed = await ScriptedFeed.StartAsync(async peer =>
        {
            await peer.AcceptLoginAsync();
            for (var number = 1; number <= ticks; number++)
            {
                await peer.SendAsync($$"""[{"ev":"C","p":"EUR/USD","b":{{number}},"a":999999,"t":1700000000000}]""");
            }

            await peer.UntilClosedAsync();
        });
        var archive = new ArchiveReader(fixture.BootstrapServers);
        var before = await archive.ReadPositionsAsync(TopicNames.TickArchive);
        // The batch is far from full and not due for a minute, so only the stop sends the ticks.
        await using var collector = await StartAsync(
            ("ConnectionStrings__eventhubs", fixture.BootstrapServers), ("POLYGON_API_KEY", "key"),
            ("Polygon__Endpoint", feed.Address.ToString()),
            ("Collector__FeedName", "simulated"), ("Collector__Symbols", "EURUSD"), ("Collector__BatchInterval", "00:01:00"));
        using var http = new HttpClient { BaseAddress = await _address.Task.WaitAsync(TestContext.Current.CancellationToken) };
        // A stop receives the ticks in flight for only a second, which a busy machine exceeds.
        await UntilAsync(http, status => status.GetProperty("received").GetInt64() == ticks);
        using var status = JsonDocument.Parse(
            await http.GetStringAsync(new Uri("api/v1/status", UriKind.Relative), TestContext.Current.CancellationToken));
        using var latency = JsonDocument.Parse(
            await http.GetStringAsync(new Uri("api/v1/latency", UriKind.Relative), TestContext.Current.CancellationToken));
        using var health = await http.GetAsync(new Uri("health", UriKind.Relative), TestContext.Current.CancellationToken);

        (await collector.TerminateAsync(StopTimeout)).ShouldBe(0, string.Join('\n', _lines));

        health.IsSuccessStatusCode.ShouldBeTrue();
        status.RootElement.GetProperty("feed").GetString().ShouldBe("simulated");
        status.RootElement.GetProperty("connected").GetProperty("forex").GetBoolean().ShouldBeTrue();
        status.RootElement.GetProperty("archived_records").GetInt64().ShouldBeGreaterThanOrEqualTo(0);
        latency.RootElement.GetProperty("receive_to_archive").ValueKind.ShouldBe(JsonValueKind.Array);
        status.RootElement.TryGetProperty("first_tick_ms", out _).ShouldBeTrue();
        // On a busy machine the event hub may not acknowledge all records before the stop times out; the other records stay on disk.
        await using (await StartAsync(
            ("ConnectionStrings__eventhubs", fixture.BootstrapServers), ("POLYGON_API_KEY", "key"),
            ("Polygon__Endpoint", "ws://127.0.0.1:1"),
            ("Collector__FeedName", "simulated"), ("Collector__Symbols", "EURUSD")))
        {
            await archive.UntilTicksAsync(before, ticks);
        }

        (await feed.WaitForScriptEndAsync()).ClientCloseStatus.ShouldBe(System.Net.WebSockets.WebSocketCloseStatus.NormalClosure);
        _lines.ShouldContain(line => line.Contains("Connected to Polygon.io", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Program_stopped_in_hub_outage_exits_0_and_delivers_later()
    {
        var records = await RunOutageAsync(
            "EURUSD",
            peer => peer.SendAsync("""[{"ev":"C","p":"EUR/USD","b":1,"a":2,"t":1700000000000}]"""),
            status => status.GetProperty("received").GetInt64() > 0,
            // A program killed after the grace period would exit with 137.
            async collector => (await collector.TerminateAsync(StopTimeout)).ShouldBe(0, string.Join('\n', _lines)),
            spooled: 1);

        _lines.ShouldContain(line => line.Contains("the next start delivers them", StringComparison.Ordinal));
        ArchiveReader.Ticks(records).ShouldHaveSingleItem().Bid.ShouldBe("1");
    }

    [Fact]
    public async Task Program_killed_in_hub_outage_keeps_spooled_ticks()
    {
        const int ticks = 20_000;

        var records = await RunOutageAsync(
            "EURUSD,XAUUSD,GBPUSD,USDJPY,AUDUSD",
            peer => HubOutageTests.SendAsync(peer, 1, ticks),
            status => HasSpooled(status, "spooled_ticks", ticks),
            async collector =>
            {
                collector.Kill();
                await collector.Exited;
            },
            ticks);

        HubOutageTests.AssertInOrder(records, ticks);
    }

    [Fact]
    public async Task Program_with_folder_in_use_fails_with_message()
    {
        (string, string)[] settings =
        [
            ("ConnectionStrings__eventhubs", fixture.BootstrapServers), ("POLYGON_API_KEY", "key"),
            ("Polygon__Endpoint", "ws://127.0.0.1:1"),
            ("Collector__FeedName", "simulated"),
        ];
        await using var first = await StartAsync(settings);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!File.Exists(Path.Combine(_folder.File("collector"), "collector.folder")))
        {
            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        _lines.Clear();

        await using var second = await StartAsync(settings);

        (await second.Exited.WaitAsync(TestContext.Current.CancellationToken)).ShouldNotBe(0);
        _lines.ShouldContain(line => line.Contains("Another collector is using", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Program_on_stream_of_other_feed_fails_with_message()
    {
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await new ArchiveReader(hub.BootstrapServers).ReadPositionsAsync(TopicNames.TickArchive);
        await using (var services = new ServiceCollection().AddMetrics().BuildServiceProvider())
        await using (var producer = new RecordProducer(
            EventStreamConnection.Parse(hub.BootstrapServers), Options.Create(new RecordProducerOptions()),
            new RecordProducerMetrics(services.GetRequiredService<IMeterFactory>()), TimeProvider.System,
            NullLogger<RecordProducer>.Instance))
        {
            await await producer.SendAsync(
                TopicNames.TickArchive, 7, new byte[] { 1 }, [RecordHeader.FromText(HeaderNames.Feed, "polygon")],
                TestContext.Current.CancellationToken);
        }

        await using var collector = await StartAsync(
            ("ConnectionStrings__eventhubs", hub.BootstrapServers), ("POLYGON_API_KEY", "key"), ("Polygon__Endpoint", "ws://127.0.0.1:1"),
            ("Collector__FeedName", "simulated"));

        (await collector.Exited.WaitAsync(TestContext.Current.CancellationToken)).ShouldBe(1, string.Join('\n', _lines));

        _lines.ShouldContain(line => line.Contains("must not be mixed", StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// Kills the event hub, lets the feed send ticks, ends the collector, and restarts event hub and collector. The collector must then
    /// deliver the records on disk.
    /// </summary>
    /// <param name="symbols">The collected symbols.</param>
    /// <param name="send">Sends ticks in the first session, while the event hub is down.</param>
    /// <param name="arrived">Whether the collector's status shows that the ticks arrived.</param>
    /// <param name="end">Ends the collector.</param>
    /// <param name="spooled">The number of ticks that the next run finds on disk.</param>
    /// <returns>The records of the archive.</returns>
    private async Task<List<StreamRecord>> RunOutageAsync(
        string symbols, Func<FeedPeer, Task> send, Func<JsonElement, bool> arrived, Func<ChildProcess, Task> end, int spooled)
    {
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var archive = new ArchiveReader(hub.BootstrapServers);
        var before = await archive.ReadPositionsAsync(TopicNames.TickArchive);
        var hubKilled = new TaskCompletionSource();
        var sessionCount = 0;
        await using var feed = await ScriptedFeed.StartAsync(async peer =>
        {
            await peer.AcceptLoginAsync();
            var closed = peer.UntilClosedAsync();
            await hubKilled.Task;
            if (Interlocked.Increment(ref sessionCount) == 1)
            {
                await send(peer);
            }

            await closed;
        });
        (string, string)[] settings =
        [
            ("ConnectionStrings__eventhubs", hub.BootstrapServers), ("POLYGON_API_KEY", "key"),
            ("Polygon__Endpoint", feed.Address.ToString()),
            ("Collector__FeedName", "simulated"), ("Collector__Symbols", symbols),
        ];
        await using (var collector = await StartAsync(settings))
        {
            using var http = new HttpClient { BaseAddress = await _address.Task.WaitAsync(TestContext.Current.CancellationToken) };
            await UntilReadyAsync(http);
            await hub.KillAsync();
            hubKilled.SetResult();
            await UntilAsync(http, arrived);
            await end(collector);
        }

        await hub.RestartAsync(TestContext.Current.CancellationToken);
        _address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var next = await StartAsync(settings);
        using var nextHttp = new HttpClient { BaseAddress = await _address.Task.WaitAsync(TestContext.Current.CancellationToken) };
        await UntilAsync(nextHttp, status => HasSpooled(status, "earlier_ticks", spooled));
        return await archive.RecordsAsync(TopicNames.TickArchive, before);
    }

    private static bool HasSpooled(JsonElement status, string count, int ticks) =>
        status.GetProperty("spool") is { ValueKind: JsonValueKind.Object } spool && spool.GetProperty(count).GetInt64() == ticks;

    private static async Task UntilReadyAsync(HttpClient http)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken))
        {
            using var health = await http.GetAsync(new Uri("health", UriKind.Relative), TestContext.Current.CancellationToken);
            if (health.IsSuccessStatusCode)
            {
                return;
            }
        }
    }

    private static async Task UntilAsync(HttpClient http, Func<JsonElement, bool> reached)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken))
        {
            using var status = JsonDocument.Parse(
                await http.GetStringAsync(new Uri("api/v1/status", UriKind.Relative), TestContext.Current.CancellationToken));
            if (reached(status.RootElement))
            {
                return;
            }
        }
    }

    private Task<ChildProcess> StartAsync(params (string Name, string Value)[] environment) =>
        ChildProcess.StartAsync(new ChildProcessOptions
        {
            FileName = DotNetProgram.Command,
            Arguments = [ProgramPath, "--urls", "http://127.0.0.1:0"],
            Environment = environment.Append(("Collector__DataFolder", _folder.File("collector")))
            .ToDictionary(variable => variable.Item1, variable => (string?)variable.Item2),
            OnOutput = OnLine,
            OnError = OnLine,
        });

    private void OnLine(string line)
    {
        const string listening = "Now listening on: ";
        _lines.Enqueue(line);
        if (line.IndexOf(listening, StringComparison.Ordinal) is var at and >= 0)
        {
            _address.TrySetResult(new Uri(line[(at + listening.Length)..].Trim()));
        }
    }
}
