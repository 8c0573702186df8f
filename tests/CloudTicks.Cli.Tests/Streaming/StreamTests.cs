using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json;
using CloudTicks.Collection.Tests.DbServer;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Consuming;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;
using CloudTicks.LocalServices.Processes;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace CloudTicks.Cli.Tests.Streaming;

public sealed class StreamTests(EventHubFixture fixture) : IClassFixture<EventHubFixture>, IAsyncLifetime
{
    private const string SummaryPattern = @"Streamed for [\d.,]+ s: ([\d,]+) ticks of (\d+) symbols?, ([\d,]+) delivered";

    private static readonly string Simulator = typeof(StreamTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "SimulatorProgram").Value!;

    private readonly TemporaryFolder _folder = new();
    private LineProcess _simulator = null!;
    private Uri _feed = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _simulator = await LineProcess.StartAsync(
            Simulator, new Dictionary<string, string?>(), "--urls", "http://127.0.0.1:0", "--Simulator:Rate", "1000", "--Simulator:ApiKey",
            "good-key");
        _feed = new Uri((await _simulator.LineAsync("Now listening on: (http://127.0.0.1:[0-9]+)")).Groups[1].Value);
    }

    [Fact]
    public async Task Ticks_of_named_shares_reach_the_event_hub()
    {
        await using var stream = await StreamAsync("--symbols", "AAPL", "MSFT", "--feed", "both", "--batch-interval", "200ms");
        await stream.LineAsync("Polygon acknowledged all 4 channels of stocks");
        while (await CountArchivedAsync() <= 500)
        {
            Cancellation.ThrowIfCancellationRequested();
        }

        // Stop the feed first: on a busy machine the stop may time out, and ticks that were not delivered would stay in the spool.
        var sent = await StopFeedAsync();
        while (await CountArchivedAsync() < sent)
        {
            Cancellation.ThrowIfCancellationRequested();
        }

        (await stream.StopAsync()).ShouldBe(0, stream.Log);

        var end = await stream.LineAsync(SummaryPattern);
        var delivered = Number(end.Groups[3].Value);
        delivered.ShouldBeGreaterThan(500);
        end.Groups[1].Value.ShouldBe(end.Groups[3].Value);
        end.Groups[2].Value.ShouldBe("2");
        (await CountArchivedAsync()).ShouldBe(delivered);
    }

    [Fact]
    public async Task Ticks_are_spooled_while_the_server_is_unreachable()
    {
        var port = FreePort.Choose();
        await using var redis = await RedisServer.StartAsync("canary", Cancellation);
        // The default limits of five seconds are too short on a loaded machine.
        using var subscriber = await ConnectionMultiplexer.ConnectAsync(
            $"127.0.0.1:{redis.Port},password=canary,connectTimeout=60000,syncTimeout=60000");
        var seen = new ConcurrentDictionary<string, bool>();
        await subscriber.GetSubscriber().SubscribeAsync("ticks.EURUSD", (_, json) => seen.TryAdd(Id(json!), true));
        await redis.UntilSubscribedAsync("ticks.EURUSD", Cancellation);

        await using var stream = await StreamAsync(
            "--symbols", "EURUSD", "--db-server", $"127.0.0.1:{port}", "--redis-url", $"redis://canary@127.0.0.1:{redis.Port}",
            "--batch-interval", "100ms");
        await stream.LineAsync("does not accept ticks");
        await stream.LineAsync("records are written to disk");
        await UntilSentAsync(3_000);
        await using var server = await TestDbServer.StartAsync(port);
        await stream.LineAsync("accepts ticks again");
        var sent = await StopFeedAsync(); // stop the feed first, so that no tick stays in the spool
        await UntilAsync(() => Saved(server).Count == sent);
        (await stream.StopAsync()).ShouldBe(0, stream.Log);

        var end = await stream.LineAsync(SummaryPattern);
        var received = Number(end.Groups[1].Value);
        var saved = Saved(server);
        saved.Count.ShouldBe(received, stream.Log);
        saved.ShouldBeInOrder();
        await UntilAsync(() => seen.Count == received);
        stream.Log.ShouldNotContain("canary");
        server.Saved.Count.ShouldBeLessThan(received / 10);
    }

    [Fact]
    public async Task Refused_key_ends_the_stream_with_a_remedy()
    {
        await using var stream = await LineProcess.StartAsync(
            ProgramFile, Environment(("POLYGON_API_KEY", "wrong-canary")), "stream", "--symbols", "AAPL", "--db-server", "127.0.0.1:9");

        (await stream.Exited.WaitAsync(Cancellation)).ShouldBe(1, stream.Log);

        await stream.LineAsync("The stream ends: .*POLYGON_API_KEY");
        stream.Log.ShouldNotContain("canary");
    }

    [Fact]
    public async Task Low_limit_of_open_files_is_reported_with_the_cure()
    {
        await using var stream = await LineProcess.StartFileAsync(
            "/bin/sh", Environment(), "-c",
            $"ulimit -n 221; exec {DotNetProgram.Command} {ProgramFile} stream --types forex-majors metals --symbols-per-connection 1 "
                + $"--db-server 127.0.0.1:9");

        await stream.LineAsync("WARNING .*may open 221 files and sockets, but 11 connections.*ulimit -n 65536");
    }

    [Theory]
    [InlineData("Nothing is selected")]
    [InlineData("'EUR USD' is not a symbol", "--symbols", "AAPL MSFT,EUR USD")]
    [InlineData("Did you mean EURUSD?", "--symbols", "EURUDS")]
    [InlineData("'aapl': Tickers are written in upper-case letters. Did you mean AAPL?", "--symbols", "MSFT aapl")]
    [InlineData("Did you mean GOOGL? To accept symbols as written, add --force", "--symbols", "GOOGLE")]
    [InlineData("'EURUSD' belongs to the market forex", "--symbols", "EURUSD", "--market", "stocks")]
    [InlineData("did you mean sp-500?", "--types", "sp-501")]
    [InlineData("/nowhere/list.yaml cannot be read", "--symbols-list", "/nowhere/list.yaml")]
    [InlineData("which is not host:port", "--symbols", "AAPL", "--db-server", "db")]
    [InlineData("not a time up to a minute", "--symbols", "AAPL", "--batch-interval", "2m")]
    [InlineData("is not one of quotes, trades, both", "--symbols", "AAPL", "--feed", "bars")]
    [InlineData("currencies and metals have quotes only", "--symbols", "EURUSD", "--feed", "trades")]
    [InlineData("The address of Redis", "--symbols", "AAPL", "--redis-url", "http://redis-canary@host")]
    [InlineData("is not one of DEBUG, INFO, WARNING, ERROR", "--symbols", "AAPL", "--log-level", "LOUD")]
    public async Task Invalid_arguments_are_reported(string sentence, params string[] arguments)
    {
        await using var stream = await StreamAsync(arguments);

        (await stream.Exited.WaitAsync(Cancellation)).ShouldBe(2, stream.Log);

        stream.Log.ShouldContain(sentence);
        stream.Log.ShouldContain("--help");
        stream.Log.ShouldNotContain("   at ");
        stream.Log.ShouldNotContain("redis-canary");
    }

    public async ValueTask DisposeAsync()
    {
        await _simulator.DisposeAsync();
        _folder.Dispose();
    }

    private static string ProgramFile => typeof(CloudTicksCommand).Assembly.Location;

    private static int Number(string text) => int.Parse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    private static string Id(string json)
    {
        using var tick = JsonDocument.Parse(json);
        return tick.RootElement.GetProperty("id").GetString()!;
    }

    private static List<string> Saved(TestDbServer server) =>
    [
        .. server.Saved.SelectMany(body => JsonDocument.Parse(body).RootElement.GetProperty("params").GetProperty("data").EnumerateArray()
            .Select(record => record.GetProperty("timestamp").GetString()!)),
    ];

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancellation);
        }
    }

    private Dictionary<string, string?> Environment(params (string Name, string Value)[] more)
    {
        var environment = new Dictionary<string, string?>
        {
            ["POLYGON_API_KEY"] = "good-key",
            ["Polygon__Endpoint"] = _feed.ToString(),
            ["ConnectionStrings__eventhubs"] = fixture.BootstrapServers,
            ["XDG_STATE_HOME"] = _folder.Path,
        };
        foreach (var (name, value) in more)
        {
            environment[name] = value;
        }

        return environment;
    }

    private Task<LineProcess> StreamAsync(params string[] arguments) =>
        LineProcess.StartAsync(ProgramFile, Environment(), ["stream", .. arguments]);

    private async Task UntilSentAsync(long ticks)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", "good-key");
        while ((await http.GetFromJsonAsync<JsonElement>(new Uri(_feed, "/api/v1/sent"), Cancellation)).GetProperty("symbols")
            .EnumerateObject()
            .Sum(symbol => symbol.Value.GetProperty("sent").GetInt64()) < ticks)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancellation);
        }
    }

    private async Task<long> StopFeedAsync()
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", "good-key");
        using var stopped = await http.PostAsync(new Uri(_feed, "/api/v1/stop"), null, Cancellation);
        return (await stopped.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("symbols").EnumerateObject()
            .Sum(symbol => symbol.Value.GetProperty("sent").GetInt64());
    }

    private async Task<int> CountArchivedAsync()
    {
        var connection = EventStreamConnection.Parse(fixture.BootstrapServers);
        using var positions = new StreamPositions(connection, TimeProvider.System, NullLogger<StreamPositions>.Instance);
        var ends = await positions.GetWatermarksAsync(TopicNames.TickArchive, Cancellation);
        OffsetRange[] ranges = [.. ends.Select(end => new OffsetRange(end.Partition, end.Low, end.High))];
        var (reader, ticks) = (new TickBatchReader(new SymbolDictionary()), 0);
        await foreach (var record in new RecordConsumer(connection, TimeProvider.System, NullLogger<RecordConsumer>.Instance)
            .ReadAsync(TopicNames.TickArchive, ranges, Cancellation))
        {
            if (record.Value.Span[0] != '{')
            {
                reader.Open(record.Value);
                ticks += reader.Count;
            }
        }

        return ticks;
    }
}
