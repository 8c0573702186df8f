using System.Globalization;
using System.Text.Json;
using CloudTicks.Collection.Tests.Replicas;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Gaps;
using CloudTicks.Ticks.Identity;

namespace CloudTicks.Collection.Tests.Gaps;

/// <summary>
/// Runs simulator, event hub and collector as separate processes: at the end every tick that the simulator generated is in the archive.
/// </summary>
public sealed class NothingMissingTests : IAsyncDisposable
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();
    private readonly List<ServiceProcess> _processes = [];
    private EventHubProcess? _hub;
    private ServiceProcess? _simulator;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        await (_hub?.DisposeAsync() ?? ValueTask.CompletedTask);
        _folder.Dispose();
    }

    [Fact]
    public async Task Ticks_generated_while_disconnected_are_fetched_and_archived()
    {
        var collector = await StartAsync();
        for (var round = 0; round < 3; round++)
        {
            await UntilReceivedAsync(collector, 1_000);
            await InjectAsync("""{"fault":"drop","times":2}""");
        }

        await UntilReceivedAsync(collector, 1_000);
        await ShouldHaveAllAsync(collector);
    }

    [Fact]
    public async Task Collector_killed_repeatedly_misses_no_tick()
    {
        var collector = await StartAsync();
        for (var round = 0; round < 4; round++)
        {
            await UntilReceivedAsync(collector, 300 + (400 * round));
            await collector.KillAsync();
            collector = await StartCollectorAsync();
        }

        await UntilReceivedAsync(collector, 500);
        await ShouldHaveAllAsync(collector);
    }

    [Fact]
    public async Task Collector_killed_in_hub_outage_misses_no_tick()
    {
        var collector = await StartAsync();
        await UntilReceivedAsync(collector, 500);
        await _hub!.KillAsync();
        await UntilReceivedAsync(collector, 2_000);
        await collector.KillAsync();
        await _hub.RestartAsync(Cancellation);
        collector = await StartCollectorAsync();

        await UntilReceivedAsync(collector, 500);
        await ShouldHaveAllAsync(collector);
    }

    [Fact]
    public async Task Silent_symbol_is_reported_stale_and_misses_no_tick()
    {
        var collector = await StartAsync();
        await UntilReceivedAsync(collector, 1_000);
        // A channel can be stale only after its usual pause is known.
        await collector.UntilAsync("api/v1/status", status => status.GetProperty("symbols").TryGetProperty("EURUSD", out var symbol)
            && symbol.GetProperty("received").GetInt64() >= 100);
        await InjectAsync("""{"fault":"silence","symbols":["EURUSD"]}""");

        var status = await collector.UntilAsync("api/v1/status", status => status.GetProperty("stale").GetArrayLength() > 0);
        await _simulator!.DeleteAsync("api/v1/faults");

        status.GetProperty("stale").EnumerateArray().Select(channel => channel.GetString()).ShouldBe(["C.EUR/USD"]);
        await collector.UntilAsync("api/v1/status", status => status.GetProperty("stale").GetArrayLength() == 0);
        await ShouldHaveAllAsync(collector);
        await UntilGapsAsync(
            gaps => gaps.Values.Any(gap => gap.Symbol.Name == "EURUSD" && gap.Cause == "stale" && gap.State == GapState.Filled));
    }

    [Fact]
    public async Task Gap_records_in_archive_match_http_interface()
    {
        var collector = await StartAsync();
        await UntilReceivedAsync(collector, 500);
        await InjectAsync("""{"fault":"drop"}""");

        var gaps = (await collector.UntilAsync("api/v1/gaps?symbol=EURUSD&state=filled", found => found.GetArrayLength() > 0))
            .EnumerateArray().ToArray();
        var invalidFilterResponse = await collector.TryGetAsync("api/v1/gaps?state=lost&colour=red");
        (invalidFilterResponse.Status, invalidFilterResponse.Text).ShouldSatisfyAllConditions(
            response => response.Status.ShouldBe(400),
            response => response.Text.ShouldContain("states are: open, filling, filled, unfillable"),
            response => response.Text.ShouldContain("colour"));
        // The collector publishes the state of a gap after it has changed it.
        var archived = await UntilGapsAsync(states => gaps.All(
            gap => states.TryGetValue(gap.GetProperty("id").GetGuid(), out var newest) && newest.State == GapState.Filled));
        foreach (var gap in gaps)
        {
            var newest = archived[gap.GetProperty("id").GetGuid()];
            (newest.FromMs, newest.ToMs, newest.State.Name(), newest.Recovered).ShouldBe((
                gap.GetProperty("from_ms").GetInt64(), gap.GetProperty("to_ms").GetInt64(), "filled",
                gap.GetProperty("recovered").GetInt64()));
        }
    }

    [Fact]
    public async Task Backfill_of_archived_time_adds_no_distinct_tick()
    {
        var collector = await StartAsync();
        var from = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        // On a busy machine the simulator may pause, so wait for ticks of EUR/USD in the requested time. The first ones may be older: they
        // may have been in a frame of at most 256 ticks that was not sent yet.
        var made = Made(await _simulator!.GetAsync("api/v1/sent"));
        await _simulator.UntilAsync("api/v1/sent", sent => Made(sent) > made + 256);
        await UntilReceivedAsync(collector, 2_000);
        var to = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

        var requested = await collector.PostJsonAsync("api/v1/backfill", $$"""{"symbol":"EUR/USD","from":{{from}},"to":{{to}}}""");
        var filledBackfill = await collector.UntilAsync(
            $"api/v1/backfill/{requested.GetProperty("id").GetGuid()}", response => response.GetProperty("state").GetString() == "filled");

        (filledBackfill.GetProperty("progress").GetDouble(), filledBackfill.GetProperty("recovered").GetInt64() > 0).ShouldBe((1, true));
        await ShouldHaveAllAsync(collector);

        static long Made(JsonElement sent) =>
            sent.GetProperty("symbols").GetProperty("EURUSD").GetProperty("made").GetInt64();
    }

    [Fact]
    public async Task Long_backfill_is_split_and_one_without_history_is_unfillable()
    {
        var collector = await StartAsync();
        await UntilReceivedAsync(collector, 100);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

        var cryptoBackfill = await BackfillAsync("BTC-USD", now - 60_000, now);
        cryptoBackfill.GetProperty("state").GetString().ShouldBe("unfillable");
        cryptoBackfill.GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain("no history of quotes of market crypto");

        await InjectAsync("""{"fault":"rest-status","status":403,"times":1,"path":"/v3/quotes","symbols":["MSFT"]}""");
        var stockBackfill = await BackfillAsync("MSFT", now - 60_000, now);
        stockBackfill.GetProperty("state").GetString().ShouldBe("unfillable");
        stockBackfill.GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();

        // The simulator has history only since its start, which is within the last of these days.
        var twoDayBackfill = await BackfillAsync("EURUSD", now - (2 * 86_400_000), now);
        twoDayBackfill.GetProperty("state").GetString().ShouldBe("unfillable");
        twoDayBackfill.GetProperty("recovered").GetInt64().ShouldBeGreaterThan(0);
        twoDayBackfill.GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain("has no history before");
        var pieces = (await collector.GetAsync("api/v1/gaps?symbol=EURUSD")).EnumerateArray()
            .Where(gap => gap.GetProperty("cause").GetString() == "requested").ToArray();
        pieces.Select(gap => gap.GetProperty("state").GetString()).ShouldBe([.. Enumerable.Repeat("unfillable", 8), "filled"]);
        pieces.Zip(pieces.Skip(1))
            .ShouldAllBe(pair => pair.First.GetProperty("to_ms").GetInt64() + 1 == pair.Second.GetProperty("from_ms").GetInt64());

        async Task<JsonElement> BackfillAsync(string symbol, long from, long to)
        {
            var requested = await collector.PostJsonAsync(
                "api/v1/backfill", $$"""{"symbol":"{{symbol}}","kind":"quote","from":{{from}},"to":{{to}}}""");
            return await collector.UntilAsync(
                $"api/v1/backfill/{requested.GetProperty("id").GetGuid()}",
                response => response.GetProperty("state").GetString() is "filled" or "unfillable");
        }
    }

    private async Task<ServiceProcess> StartAsync()
    {
        _hub = await EventHubProcess.StartAsync(cancellationToken: Cancellation);
        _simulator = await ServiceProcess.StartAsync("SimulatorProgram", ("Simulator__Rate", "1000"));
        _processes.Add(_simulator);
        var collector = await StartCollectorAsync();
        // Each market has its own connection. The tests need ticks of EUR/USD, whose connection may open last.
        await _simulator.UntilAsync("api/v1/sent", sent => sent.GetProperty("symbols").TryGetProperty("EURUSD", out var symbol)
            && symbol.GetProperty("made").GetInt64() > 0);
        return collector;
    }

    private async Task<ServiceProcess> StartCollectorAsync()
    {
        var collector = await ServiceProcess.StartAsync(
            "CollectorProgram", ("ConnectionStrings__eventhubs", _hub!.BootstrapServers), ("POLYGON_API_KEY", "key"),
            ("Polygon__Endpoint", new UriBuilder(_simulator!.Address) { Scheme = "ws" }.Uri.ToString()),
            ("Polygon__RateLimitPerSecond", "100"),
            ("Polygon__ReconnectDelay", "00:00:00"), ("Collector__FeedName", "simulated"),
            ("Collector__DataFolder", _folder.File("collector")),
            ("Collector__Symbols", "EURUSD,XAUUSD,AAPL,O:SPY271217C00650000"), ("Collector__BackfillDelay", "00:00:01"));
        _processes.Add(collector);
        return collector;
    }

    private static Task UntilReceivedAsync(ServiceProcess collector, long more) => UntilReceivedAsync(collector, more, null);

    private static async Task UntilReceivedAsync(ServiceProcess collector, long more, long? since)
    {
        var receivedBefore = since ?? (await collector.GetAsync("api/v1/status")).GetProperty("received").GetInt64();
        await collector.UntilAsync("api/v1/status", status => status.GetProperty("received").GetInt64() >= receivedBefore + more);
    }

    private async Task InjectAsync(string fault) => await _simulator!.PostJsonAsync("api/v1/faults", fault);

    /// <summary>Waits until the collector has filled a gap, and no gap is open or being filled.</summary>
    private static async Task UntilFilledAsync(ServiceProcess collector) =>
        await collector.UntilAsync("api/v1/status", status => status.GetProperty("gaps") is var gaps
        && gaps.GetProperty("open").GetInt32() + gaps.GetProperty("filling").GetInt32() == 0 && gaps.GetProperty("filled").GetInt32() > 0);

    private async Task ShouldHaveAllAsync(ServiceProcess collector)
    {
        await _simulator!.PostAsync("api/v1/stop");
        var generatedSymbols = (await _simulator.GetAsync("api/v1/sent")).GetProperty("symbols");
        await UntilFilledAsync(collector);
        // The last ticks may still be in flight.
        var archived = await TicksAsync();
        var startedAt = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(startedAt) < MaxWait && generatedSymbols.EnumerateObject()
            .Any(symbol => archived.GetValueOrDefault(symbol.Name)?.Count != symbol.Value.GetProperty("made_distinct").GetInt32()))
        {
            archived = await TicksAsync();
        }

        foreach (var symbol in generatedSymbols.EnumerateObject())
        {
            var ticks = archived.GetValueOrDefault(symbol.Name, []);
            symbol.Value.GetProperty("forgotten").GetInt64().ShouldBe(0);
            var sum = ticks.Aggregate(0UL, (sum, tick) => unchecked(sum + tick));
            $"{ticks.Count} ticks of {symbol.Name} with sum {sum.ToString("x16", CultureInfo.InvariantCulture)}".ShouldBe(
                $"{symbol.Value.GetProperty("made_distinct")} ticks of {symbol.Name} with "
                    + $"sum {symbol.Value.GetProperty("made_distinct_sum")}",
                string.Join('\n', (await GapsAsync()).Values.Where(gap => gap.Symbol.Name == symbol.Name)));
        }

        generatedSymbols.EnumerateObject().Sum(symbol => symbol.Value.GetProperty("made").GetInt64()).ShouldBeGreaterThan(1_000);
    }

    /// <summary>The distinct ticks of the archive, by symbol.</summary>
    private async Task<Dictionary<string, HashSet<ulong>>> TicksAsync()
    {
        var ticks = new Dictionary<string, HashSet<ulong>>();
        var reader = new TickBatchReader(new SymbolDictionary());
        foreach (var record in (await RecordsAsync()).Where(record => !GapRecord.IsGap(record.Value.Span)))
        {
            reader.Open(record.Value);
            Tick tick = default;
            while (reader.TryRead(ref tick))
            {
                (ticks.TryGetValue(tick.Symbol.Name, out var identities) ? identities : ticks[tick.Symbol.Name] = [])
                    .Add(TickIdentity.Of(tick));
            }
        }

        return ticks;
    }

    /// <summary>Waits until the newest states of the gaps in the archive meet a condition.</summary>
    private async Task<Dictionary<Guid, FeedGap>> UntilGapsAsync(Func<Dictionary<Guid, FeedGap>, bool> reached)
    {
        var gaps = await GapsAsync();
        while (!reached(gaps))
        {
            gaps = await GapsAsync();
        }

        return gaps;
    }

    private async Task<Dictionary<Guid, FeedGap>> GapsAsync() => (await RecordsAsync()).Where(record => GapRecord.IsGap(record.Value.Span))
        .Select(record => GapRecord.TryRead(record.Value, out var gap, out var fault) ? gap : throw new JsonException(fault))
        .GroupBy(gap => gap.Id).ToDictionary(states => states.Key, states => states.MaxBy(gap => gap.ChangedMs)!);

    private async Task<List<StreamRecord>> RecordsAsync()
    {
        var archive = new ArchiveReader(_hub!.BootstrapServers);
        var from = (await archive.ReadPositionsAsync(TopicNames.TickArchive)).Select(partition => partition with { High = 0 }).ToArray();
        return await archive.RecordsAsync(TopicNames.TickArchive, from);
    }
}
