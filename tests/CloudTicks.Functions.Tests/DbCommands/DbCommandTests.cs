using System.Net;
using CloudTicks.EventStream.Topics;
using CloudTicks.Functions.DbCommands;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;

namespace CloudTicks.Functions.Tests.DbCommands;

public sealed class DbCommandTests : IAsyncLifetime
{
    /// <summary>The example in the interface's specification, byte for byte.</summary>
    private const string Example =
        """{"command":"save_realtime_data","params":{"ticker":"AAPL","data_type":"quote","data":[{"ticker":"AAPL","timestamp":"2025-01-27T16:00:00.123Z","bid":175.5,"ask":175.52,"bid_size":1000,"ask_size":500}],"index_col":"timestamp","on_duplicate":"ignore"}}""";

    private EventHubProcess _hub = null!;
    private CommandApp _app = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _hub = await EventHubProcess.StartAsync(cancellationToken: Cancellation);
        _app = await CommandApp.StartAsync(_hub.BootstrapServers, "simulated");
    }

    [Fact]
    public async Task Quote_enters_the_stream_exactly_with_source_and_feed()
    {
        (await _app.SaveAsync(Example)).ShouldBe("""{"status":"ok","saved":1,"outside_retention":1}""");

        var record = (await _app.ArchiveAsync()).Single();
        record.HeaderText(HeaderNames.Feed).ShouldBe("simulated");
        CommandApp.Texts(record).ShouldBe(["DbCommand AAPL Quote 1737993600123 175.5 175.52 1000 500"]);
        Symbol.TryParse("AAPL", out var symbol).ShouldBeTrue();
        record.Origin.Partition.ShouldBe(symbol.PartitionOf(ArchiveTopics.ArchivePartitions));
    }

    [Fact]
    public async Task Trades_are_saved_exactly_in_any_field_order()
    {
        (await _app.SaveAsync(
            """
            {"params":{"on_duplicate":"ignore","data":[
                {"size":0.1234567890123456,"price":8765.12345678901234,"timestamp":"2025-01-27T16:00:00Z"},
                {"price":1e-7,"size":null,"timestamp":"2025-01-27T17:00:00.999+01:00"}
            ],"data_type":"trade","ticker":"X:BTC-USD"},"command":"save_realtime_data"}
            """)).ShouldBe("""{"status":"ok","saved":2,"outside_retention":2}""");

        CommandApp.Texts((await _app.ArchiveAsync()).Single()).ShouldBe(
        [
            "DbCommand BTC-USD Trade 1737993600000 8765.12345678901234 0.1234567890123456",
            "DbCommand BTC-USD Trade 1737993600999 0.0000001 -",
        ]);
    }

    [Fact]
    public async Task Feed_of_the_archive_overrides_the_setting()
    {
        await _app.SaveAsync(Example);
        await _app.DisposeAsync();
        _app = await CommandApp.StartAsync(_hub.BootstrapServers, "polygon");

        await _app.SaveAsync(Example.Replace("AAPL", "MSFT", StringComparison.Ordinal));

        (await _app.ArchiveAsync()).Select(record => record.HeaderText(HeaderNames.Feed)).ShouldBe(["simulated", "simulated"]);
    }

    [Fact]
    public async Task Times_without_a_zone_need_one_in_the_command()
    {
        var now = TimeProvider.System.GetUtcNow();
        string At(string zone) =>
            $$$"""{"command":"save_realtime_data","params":{"ticker":"AAPL","data_type":"quote","data":[{"timestamp":"{{{now:yyyy-MM-ddTHH:mm:ss}}}","bid":1},{"timestamp":"2025-01-27T16:00:00.123Z","bid":2}]{{{zone}}}}}""";

        (await GetRefusalAsync(At(""))).ShouldContain("set params.time_zone to UTC");
        (await GetRefusalAsync(At(""","time_zone":"Europe/Berlin" """))).ShouldContain("use UTC");

        (await _app.SaveAsync(At(""","time_zone":"UTC" """))).ShouldBe("""{"status":"ok","saved":2,"outside_retention":1}""");
    }

    private async Task<string> GetRefusalAsync(string body)
    {
        var (status, problem, _) = await _app.PostAsync(body);
        status.ShouldBe(System.Net.HttpStatusCode.BadRequest);
        return problem.GetRawText();
    }

    [Fact]
    public async Task Crossed_currency_quote_is_saved_unless_refused()
    {
        var command = CommandApp.Command("EURUSD", "quote", """{"timestamp":"2025-01-27T16:00:00Z","bid":1.2,"ask":1.1}""");
        (await _app.SaveAsync(command)).ShouldBe("""{"status":"ok","saved":1,"outside_retention":1}""");
        CommandApp.Texts((await _app.ArchiveAsync()).Single()).ShouldBe(["DbCommand EURUSD Quote 1737993600000 1.2 1.1 0 0"]);
        await _app.DisposeAsync();
        _app = await CommandApp.StartAsync(_hub.BootstrapServers, "simulated", refuseCrossed: true);

        var (status, problem, _) = await _app.PostAsync(command);

        status.ShouldBe(HttpStatusCode.BadRequest, problem.GetRawText());
        problem.GetProperty("errors")[0].GetProperty("pointer").GetString().ShouldBe("/params/data/0/ask");
        problem.GetProperty("errors")[0].GetProperty("detail").GetString()!.ShouldContain("RefuseCrossedCurrencies");
    }

    [Fact]
    public async Task Eight_slow_uploads_do_not_block_other_commands()
    {
        var slow = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SlowUpload.StartAsync(_app.Port, CommandBodies.MaxBytes)));

        (await _app.SaveAsync(Example)).ShouldBe("""{"status":"ok","saved":1,"outside_retention":1}""");

        foreach (var upload in slow)
        {
            await upload.DisposeAsync();
            upload.WasSent.ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Command_without_records_saves_nothing()
    {
        (await _app.SaveAsync(CommandApp.Command("AAPL", "quote"))).ShouldBe("""{"status":"ok","saved":0}""");
        (await _app.ArchiveAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Command_above_the_maximum_of_records_is_refused()
    {
        var start = DateTimeOffset.UnixEpoch.AddSeconds(1_737_993_600);
        string[] records = [.. Enumerable.Range(0, SaveCommandReader.MaxRecords).Select(number =>
            $$"""{"timestamp":"{{start.AddMilliseconds(number):yyyy-MM-ddTHH:mm:ss.fffZ}}","bid":1.0451,"ask":1.0452}""")];

        (await _app.SaveAsync(CommandApp.Command("EURUSD", "quote", records))).ShouldBe(
            $$"""{"status":"ok","saved":{{records.Length}},"outside_retention":{{records.Length}}}""");
        var saved = await _app.ArchiveAsync();
        saved.Sum(record => CommandApp.Texts(record).Count).ShouldBe(records.Length);
        saved.ShouldAllBe(record => record.Value.Length <= TickBatchBuilder.MaxRecordBytes);

        var (status, problem, _) = await _app.PostAsync(CommandApp.Command("EURUSD", "quote", [.. records, records[0]]));
        status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        problem.GetProperty("detail").GetString()!.ShouldContain("50000 records");
        (await _app.ArchiveAsync()).Count.ShouldBe(saved.Count);
    }

    [Fact]
    public async Task Command_gets_503_without_the_hub_and_its_retry_succeeds()
    {
        await _app.SaveAsync(Example);
        await _hub.KillAsync();

        var (status, _, retryAfter) = await _app.PostAsync(Example);
        status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        retryAfter.ShouldNotBeNull();

        await _hub.RestartAsync(Cancellation);
        while ((await _app.PostAsync(Example)).Status != HttpStatusCode.OK)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancellation);
        }

        (await _app.ArchiveAsync()).SelectMany(CommandApp.Texts).Distinct().ShouldHaveSingleItem();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _hub.DisposeAsync();
    }
}
