using System.Diagnostics.Metrics;
using System.Text.Json;
using CloudTicks.Collection.DbServer;
using CloudTicks.Collection.Records;
using CloudTicks.Foundations.Disks;
using CloudTicks.LocalServices.Processes;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Collection.Tests.DbServer;

public sealed class DbServerSinkTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly LogLines _lines = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private TestDbServer _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await TestDbServer.StartAsync();

    [Fact]
    public async Task Quote_is_posted_as_documented()
    {
        await using var sink = Sink();

        await await sink.SendAsync(Record(3, TestTick.Quote("AAPL", 0, "175.5", "175.52", "1000", "500")), Cancellation);

        _server.Saved.ShouldHaveSingleItem().ShouldBe(
            """{"command":"save_realtime_data","params":{"ticker":"AAPL","data_type":"quote","data":[{"ticker":"AAPL","timestamp":"2025-01-27T16:00:00.123Z","bid":175.5,"ask":175.52,"bid_size":1000,"ask_size":500}],"index_col":"timestamp","on_duplicate":"ignore"}}""");
    }

    [Fact]
    public async Task Batch_becomes_one_exact_request_per_ticker_and_kind()
    {
        await using var sink = Sink();

        await await sink.SendAsync(
            Record(3, TestTick.Trade("AAPL", 0, "175.50000000000001", "0.1"), TestTick.Quote("AAPL", 1, "1", null),
                TestTick.Quote("BRK.A", 2, null, null), TestTick.Trade("AAPL", 877, "176", null)),
            Cancellation);

        _server.Saved.Select(Short).ShouldBe(
        [
            """AAPL trade {"ticker":"AAPL","timestamp":"2025-01-27T16:00:00.123Z","price":175.50000000000001,"size":0.1},{"ticker":"AAPL","timestamp":"2025-01-27T16:00:01.000Z","price":176}""",
            """AAPL quote {"ticker":"AAPL","timestamp":"2025-01-27T16:00:00.124Z","bid":1}""",
            """BRK.A quote {"ticker":"BRK.A","timestamp":"2025-01-27T16:00:00.125Z","bid":0,"ask":0}""",
        ]);
    }

    [Fact]
    public async Task Ticks_of_each_ticker_reach_failing_server_in_order()
    {
        const int partitions = 3;
        const int records = 12;
        _server.Answer(500, "oops");
        _server.Reset();
        _server.Answer(429, retryAfter: "0");
        _server.CutOff();
        _server.Answer(503, retryAfter: "0");
        _server.Answer(408);
        await using var sink = Sink();
        var safe = new List<Task>();
        for (var number = 0; number < records; number++)
        {
            for (var partition = 0; partition < partitions; partition++)
            {
                safe.Add(await sink.SendAsync(
                    Record(partition, TestTick.Quote($"A{partition}", number, "1", "2"), TestTick.Quote($"B{partition}", number, "1", "2")),
                    Cancellation));
            }
        }

        await Task.WhenAll(safe).WaitAsync(Cancellation);

        var saved = _server.Saved.Select(body => (Ticker: Short(body).Split(' ')[0], Time: Short(body).Split("timestamp\":\"")[1][..24]))
            .ToList();
        foreach (var ticker in saved.GroupBy(request => request.Ticker))
        {
            ticker.Count().ShouldBe(records, ticker.Key);
            ticker.Select(request => request.Time).ShouldBeInOrder();
        }

        saved.Select(request => request.Ticker).Distinct().Count().ShouldBe(2 * partitions);
        // Failures are logged once per outage; but another partition's batch may be accepted before a failure is handled, which ends the
        // outage.
        var outageCount = _lines.Count("does not accept ticks");
        outageCount.ShouldBeInRange(1, partitions);
        _lines.Count("accepts ticks again").ShouldBe(outageCount);
        sink.UnavailableFor.ShouldBeNull();
    }

    [Fact]
    public async Task Wrong_key_is_retried_until_accepted()
    {
        _server.Answer(401, retryAfter: "0");
        _server.Answer(403, retryAfter: "0");
        var metrics = Metrics();
        await using var sink = Sink(metrics: metrics, key: "ctk_canary");

        await await sink.SendAsync(Record(0, TestTick.Quote("AAPL", 0, "1", "2")), Cancellation);

        _server.Keys.ShouldHaveSingleItem().ShouldBe("ctk_canary");
        metrics.RefusedTicks.ShouldBe(0);
        _lines.Count("does not accept ticks").ShouldBe(1);
        _lines.Count("canary").ShouldBe(0);
    }

    [Fact]
    public async Task Key_over_plain_http_is_refused_with_message()
    {
        var refusal = Should.Throw<FormatException>(() => Sink(server: new Uri("http://ticks.example:9100/db_command"), key: "ctk_canary"));
        await using var httpsSink = Sink(server: new Uri("https://ticks.example/db_command"), key: "ctk_canary");
        await using var keylessSink = Sink(server: new Uri("http://ticks.example:9100/db_command"));

        refusal.Message.ShouldStartWith("Collector__DbServer is http://ticks.example:9100, to which keys would be sent unencrypted");
        refusal.Message.ShouldNotContain("canary");
        _lines.Count("canary").ShouldBe(0);
    }

    [Fact]
    public async Task Refused_batch_is_kept_in_file_and_next_is_sent()
    {
        _server.Answer(400, """{"title":"The command is wrong"}""");
        _server.Answer(200, """{"status":"error","message":"no"}""");
        var metrics = Metrics();
        await using var sink = Sink(metrics: metrics);

        for (var number = 0; number < 3; number++)
        {
            await await sink.SendAsync(Record(0, TestTick.Quote("AAPL", number, "1", "2")), Cancellation);
        }

        _server.Saved.ShouldHaveSingleItem().ShouldContain("00.125Z");
        metrics.RefusedTicks.ShouldBe(2);
        _lines.Count("permanently refused").ShouldBe(1);
        var kept = (await File.ReadAllLinesAsync(_folder.File("db-server-refused.jsonl"), Cancellation))
            .Select(line => JsonDocument.Parse(line).RootElement).ToList();
        kept.Select(line => line.GetProperty("status").GetInt32()).ShouldBe([400, 200]);
        kept[0].GetProperty("reason").GetString()!.ShouldContain("The command is wrong");
        kept[0].GetProperty("request").GetProperty("params").GetProperty("ticker").GetString().ShouldBe("AAPL");
    }

    [Fact]
    public async Task Retry_waits_for_retry_after()
    {
        var time = new TestTime();
        _server.Answer(429, retryAfter: "60");
        await using var sink = Sink(time);

        var safe = await sink.SendAsync(Record(0, TestTick.Quote("AAPL", 0, "1", "2")), Cancellation);
        await _lines.UntilAsync("does not accept ticks");
        await time.UntilTimerAsync(TimeSpan.FromSeconds(60), Cancellation);
        time.Advance(TimeSpan.FromSeconds(59));
        _server.Saved.ShouldBeEmpty();
        sink.UnavailableFor.ShouldBe(TimeSpan.FromSeconds(59));
        time.Advance(TimeSpan.FromSeconds(1));
        await safe.WaitAsync(Cancellation);

        _server.Saved.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Unreachable_server_blocks_sink_at_limit_then_gets_all()
    {
        const int records = 200;
        var port = FreePort.Choose();
        await using var sink = Sink(server: new Uri($"http://127.0.0.1:{port}/db_command"));
        var (safe, waiting) = (new List<Task>(), 0);
        var sending = Task.Run(
            async () =>
            {
                for (var number = 0; number < records; number++)
                {
                    Interlocked.Increment(ref waiting);
                    safe.Add(await sink.SendAsync(Record(number % 4, TestTick.Quote("AAPL", number, "1", "2")), Cancellation));
                }
            },
            Cancellation);
        await _lines.UntilAsync("does not accept ticks");
        while (Volatile.Read(ref waiting) <= 128)
        {
            await Task.Yield();
        }

        sending.IsCompleted.ShouldBeFalse();
        safe.Count.ShouldBe(128);
        await using var server = await TestDbServer.StartAsync(port);
        await sending.WaitAsync(Cancellation);
        await Task.WhenAll(safe).WaitAsync(Cancellation);

        server.Saved.Count.ShouldBe(records);
        server.MaxConcurrent.ShouldBeLessThanOrEqualTo(8);
    }

    [Fact]
    public async Task Gap_record_is_not_posted()
    {
        await using var sink = Sink();

        await await sink.SendAsync(new OutgoingRecord(0, "{}"u8.ToArray(), 0, RecordContent.Gaps), Cancellation);

        _server.Saved.ShouldBeEmpty();
    }

    [Fact]
    public async Task Dispose_fails_unanswered_records()
    {
        var released = new TaskCompletionSource();
        _server.Hold(released.Task);
        var sink = Sink();
        var safe = await sink.SendAsync(Record(0, TestTick.Quote("AAPL", 0, "1", "2")), Cancellation);
        var next = await sink.SendAsync(Record(0, TestTick.Quote("AAPL", 1, "1", "2")), Cancellation);

        await sink.DisposeAsync();

        await Should.ThrowAsync<OperationCanceledException>(safe);
        await Should.ThrowAsync<OperationCanceledException>(next);
        released.SetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _services.DisposeAsync();
        _folder.Dispose();
        _lines.Dispose();
    }

    private static string Short(string body)
    {
        using var json = JsonDocument.Parse(body);
        var parameters = json.RootElement.GetProperty("params");
        return $"{parameters.GetProperty("ticker").GetString()} {parameters.GetProperty("data_type").GetString()} "
            + $"{parameters.GetProperty("data").GetRawText()[1..^1]}";
    }

    private static OutgoingRecord Record(int partition, params TestTick[] ticks)
    {
        var builder = new TickBatchBuilder(partition, TickSource.Live);
        foreach (var tick in ticks)
        {
            builder.Add(tick.ToTick());
        }

        return new OutgoingRecord(partition, builder.ToRecord(), ticks.Length);
    }

    private DbServerMetrics Metrics() => new(_services.GetRequiredService<IMeterFactory>());

    private DbServerSink Sink(TimeProvider? time = null, DbServerMetrics? metrics = null, Uri? server = null, string? key = null) => new(
        server ?? _server.Url, key, new DeadLetterFile(_folder.File("db-server-refused.jsonl"), time ?? TimeProvider.System, new Disk()),
        metrics ?? Metrics(), time ?? TimeProvider.System, _lines);
}
