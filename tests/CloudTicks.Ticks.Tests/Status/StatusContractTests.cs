using System.Text.Json;
using CloudTicks.Ticks.Measures;
using CloudTicks.Ticks.Status;

namespace CloudTicks.Ticks.Tests.Status;

/// <summary>Pins the JSON members of the statuses, which other programs read.</summary>
public sealed class StatusContractTests
{
    [Fact]
    public void Collector_status_keeps_its_members()
    {
        var market = new MarketFeedStatus
        {
            IsConnected = true,
            Connections = [new ConnectionStatus(0, ConnectionState.CoolingDown, 1, 2, 2, null)],
            Missing = [],
            Refused = new Dictionary<string, string>(),
            LeftOut = [],
            LearntLimit = null,
        };
        var spool = new SpoolStatus { State = SpoolStatus.Empty, Records = 0, OldestMs = null, ConflatedTicks = 0, RefusedTicks = 0 };
        var status = new CollectorStatus
        {
            Feed = "simulated",
            Connected = new Dictionary<string, bool>(),
            Refused = new Dictionary<string, string>(),
            Outages = new Dictionary<string, OutageStatus> { ["forex"] = new(0, 0) },
            Connections = new Dictionary<string, MarketFeedStatus> { ["forex"] = market },
            RateLimit = new RateLimitStatus(0, null),
            Stale = [],
            HubAwayMs = null,
            Spool = spool,
            Received = 1,
            InFlight = 0,
            Symbols = new Dictionary<string, SymbolStatus> { ["EURUSD"] = new(1, "00", 5) },
            Selection = new SelectionStatus(1, 0, 0, 0, null),
            Replica = new ReplicaStatus("group", "instance", "joined", [], null),
            Outlet = new OutletStatus("hub", null, new RedisStatus(0, 0)),
            Latency = new CollectorLatency(new HopLatency(1, 2), null),
        };
        var json = Serialize(status);
        var latency = Serialize(new CollectorLatencyCounts([new LatencyCount(15, 2)]));

        Names(json).ShouldBe(
            "feed connected refused outages connections selection gaps rate_limit replica stale hub_away_ms hub_away_reason spool outlet "
            + "first_tick_ms received rejected rejected_distinct ignored unselected archived archived_records in_flight latency "
            + "queued_bytes queued_bytes_limit crossed late future symbols");
        var forex = json.GetProperty("connections").GetProperty("forex");
        Names(forex).ShouldBe("is_connected failure connections missing refused left_out learnt_limit outages outage_ms");
        Names(forex.GetProperty("connections")[0]).ShouldBe("slot state since_ms wanted acknowledged last_message_age_ms");
        forex.GetProperty("connections")[0].GetProperty("state").GetString().ShouldBe("cooling_down");
        Names(json.GetProperty("outages").GetProperty("forex")).ShouldBe("count ms");
        Names(json.GetProperty("selection")).ShouldBe("symbols options options_left_out refusals problem");
        Names(json.GetProperty("gaps")).ShouldBe(
            "open filling filled unfillable oldest_open_ms recovered_ticks missing_ticks lost_ticks");
        Names(json.GetProperty("rate_limit")).ShouldBe("violations last_ms");
        Names(json.GetProperty("replica")).ShouldBe("group instance state connections problem shared");
        Names(json.GetProperty("outlet")).ShouldBe("name refused_ticks redis");
        Names(json.GetProperty("outlet").GetProperty("redis")).ShouldBe("published dropped");
        Names(json.GetProperty("latency")).ShouldBe("exchange_to_receive receive_to_archive");
        Names(json.GetProperty("latency").GetProperty("exchange_to_receive")).ShouldBe("p50_ms p99_ms");
        Names(latency).ShouldBe("receive_to_archive");
        Names(latency.GetProperty("receive_to_archive")[0]).ShouldBe("up_to_ms ticks");
        Names(json.GetProperty("spool")).ShouldBe(
            "state bytes records oldest_ms limit_bytes free_bytes pressure trouble spooled_ticks drained_ticks earlier_ticks "
            + "conflated_ticks refused_ticks damaged_records letters_left_out flushes");
        Names(json.GetProperty("symbols").GetProperty("EURUSD")).ShouldBe("received sum last_tick_age_ms");
    }

    [Fact]
    public void Selected_channel_keeps_its_members() => Names(Serialize(new SelectedChannel
    {
        Symbol = "EURUSD",
        Market = "forex",
        Kind = "quote",
        Channel = "C.EUR/USD",
        Phase = "closed",
        PhaseSinceMs = null,
        WantedSinceMs = 1,
        CoveredSinceMs = null,
        LastTickAgeMs = null,
        UsualPauseMs = null,
    })).ShouldBe("symbol market kind channel phase phase_since_ms wanted_since_ms covered_since_ms last_tick_age_ms usual_pause_ms");

    [Fact]
    public void Functions_and_hub_status_keep_their_members()
    {
        var functions = Serialize(new FunctionsStatus(1, 2)
        {
            Latency = new FunctionsLatency(new HopLatency(1, 2)),
            Timescale = new DatabaseStatus("community", "2.19", "17", true, "why"),
            Lake = new LakeStatus("folder", 1, 2, 3),
        });
        var service = new ServiceStatus
        {
            Service = "s",
            Version = 1,
            Instances = [new InstanceStatus { Instance = "i", Version = 1, State = "following", Problem = null, ReportedMs = 1 }],
        };
        var hub = Serialize(new HubStatus([service])).GetProperty("services")[0];

        Names(functions).ShouldBe("stored published lag_records publish_lag_records latency nats timescale lake");
        Names(functions.GetProperty("latency")).ShouldBe("receive_to_row");
        Names(functions.GetProperty("timescale")).ShouldBe("edition version postgresql compression compression_why");
        Names(functions.GetProperty("lake")).ShouldBe(
            "location rows bytes files newest oldest retention_days lag_records archive_bytes_per_tick bytes_per_tick compression writes "
            + "problem");
        Names(hub).ShouldBe("service version etag author time registered revision instances");
        Names(hub.GetProperty("instances")[0]).ShouldBe("instance version state problem time reported_ms since since_ms figures");
    }

    [Fact]
    public void Table_status_keeps_its_members_and_time_format()
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(1_737_993_600_120).ToOffset(TimeSpan.FromHours(2));
        var chunk = new ChunkStatus("_hyper_1_1_chunk", time, time, 5, 6, true);
        var run = new TableRetentionRun(time, true, null) { Dropped = [chunk], Blocked = new BlockedChunk(chunk, "by session 7") };
        var table = Serialize(new TableStatus(3, time, null, 1, run)
        {
            Window = TimeSpan.FromDays(3),
            Disks = [new DiskStatus("table", "ok")],
            Chunks = [chunk],
        });

        Names(table).ShouldBe(
            "retention_days cutoff oldest due_chunks last_run window clock newest rows_estimate bytes next_run disks chunks");
        Names(table.GetProperty("last_run")).ShouldBe(
            "started verified problem took_ms dry_run retention_days window cutoff clock dropped dropped_rows_estimate dropped_bytes "
            + "removed_gaps blocked oldest left_chunks lost_chunks");
        Names(table.GetProperty("last_run").GetProperty("blocked")).ShouldBe("chunk by");
        Names(table.GetProperty("chunks")[0]).ShouldBe("name from to rows_estimate bytes compressed");
        Names(table.GetProperty("disks")[0]).ShouldBe(
            "name state where bytes free_bytes total_bytes bytes_per_hour hours_until_full problem note");
        table.GetProperty("cutoff").GetString().ShouldBe("2025-01-27T16:00:00.120Z");
        table.GetProperty("window").GetString().ShouldBe("3.00:00:00");
        JsonSerializer.Deserialize<TableStatus>(table, StatusJson.Strict)!.LastRun!.Started.ShouldBe(time);
    }

    [Fact]
    public void Strict_reader_requires_members_and_lenient_reader_does_not()
    {
        const string Json = """{"feed":"simulated","received":5,"of_tomorrow":1}""";

        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<CollectorStatus>(Json, StatusJson.Strict));
        var status = JsonSerializer.Deserialize<CollectorStatus>(Json, StatusJson.Lenient)!;

        (status.Feed, status.Received, status.Spool, status.Connected.Count, status.Gaps.LostTicks).ShouldBe(("simulated", 5, null, 0, 0));
        JsonSerializer.Deserialize<HubStatus>("""{"services":[{"service":"s"}]}""", StatusJson.Lenient)!
            .Services.ShouldHaveSingleItem().Instances.ShouldBeEmpty();
    }

    private static JsonElement Serialize<T>(T status) => JsonSerializer.SerializeToElement(status, StatusJson.Strict);

    private static string Names(JsonElement json) => string.Join(' ', json.EnumerateObject().Select(member => member.Name));
}
