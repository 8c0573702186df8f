using System.Net.Http.Json;
using System.Text.Json;
using CloudTicks.TestServices;
using Microsoft.AspNetCore.Http;

namespace CloudTicks.Dashboard.Tests.Pipeline;

/// <summary>The pipeline's snapshot: what is healthy, what is not, and what to do about it.</summary>
public sealed class PipelineTests(NatsFixture nats) : IClassFixture<NatsFixture>
{
    [Fact]
    public async Task Healthy_services_are_reported_with_their_rates()
    {
        // On a busy machine a service may answer too late for a reading, which then lacks its figures.
        string[] rates = ["received", "archived", "stored", "published"];
        await using var services = await StubServices.StartAsync();
        await using var page = await RunningDashboard.StartAsync(nats.Url, settings: services.Settings);
        using var stream = await EventReader.OpenAsync(page.Http, "/api/page/pipeline");
        var report = await stream.UntilAsync("picture", report => report.GetProperty("state").GetString() == "well"
            && report.GetProperty("retention").ValueKind != JsonValueKind.Null && report.GetProperty("gaps").GetArrayLength() > 0
            && report.GetProperty("services").GetArrayLength() > 0
            && report.GetProperty("relay_clients").ValueKind != JsonValueKind.Null
            && report.GetProperty("parts").EnumerateArray().All(part => part.GetProperty("state").GetString() == "healthy")
            && rates.All(rate => report.GetProperty("rates").GetProperty(rate).ValueKind != JsonValueKind.Null));
        report.GetProperty("sentence").GetString()!.ShouldStartWith("All is well");
        report.GetProperty("cure").ValueKind.ShouldBe(JsonValueKind.Null);
        foreach (var rate in rates)
        {
            report.GetProperty("rates").GetProperty(rate).GetDouble().ShouldBeGreaterThan(0);
        }

        report.GetProperty("parts").EnumerateArray().Select(part => part.GetProperty("name").GetString())
            .ShouldBe(["feed", "collector", "event hub", "functions", "timescale", "nats", "dashboard", "relay"]);
        report.GetProperty("lag")[0].GetProperty("records").GetInt64().ShouldBe(7);
        report.GetProperty("gaps")[0].GetProperty("symbol").GetString().ShouldBe("EURUSD");
        report.GetProperty("retention").GetProperty("retention_days").GetInt32().ShouldBe(3);
        report.GetProperty("services")[0].GetProperty("newest_version").GetInt32().ShouldBe(4);
        report.GetProperty("rejected")[0].GetProperty("count").GetInt64().ShouldBe(3);
        report.GetProperty("latency").GetArrayLength().ShouldBe(4);
        report.GetProperty("relay_clients")[0].GetProperty("key").GetString().ShouldBe("strategy");
    }

    [Fact]
    public async Task Dashboard_starts_and_reports_every_unavailable_part()
    {
        await using var page = await RunningDashboard.StartAsync("nats://127.0.0.1:9");
        var report = await ReadSnapshotAsync(page);
        report.GetProperty("state").GetString().ShouldBe("trouble");
        report.GetProperty("sentence").GetString()!.ShouldContain("collector does not answer");
        report.GetProperty("cure").GetString()!.ShouldContain("Start it");
        var troubles = report.GetProperty("troubles").EnumerateArray().Select(trouble => trouble.GetProperty("part").GetString()).ToList();
        troubles.ShouldBe(["collector", "functions", "nats"]);
        report.GetProperty("relay_clients").ValueKind.ShouldBe(JsonValueKind.Null);
        report.GetProperty("rates").GetProperty("received").ValueKind.ShouldBe(JsonValueKind.Null);
        report.GetProperty("retention").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Theory]
    [InlineData(",\"refused\":{\"stocks\":\"auth failed\"}", "POLYGON_API_KEY")]
    [InlineData(",\"connected\":{\"forex\":false}", "simulator")]
    [InlineData(",\"hub_away_ms\":5000", "Start the event hub")]
    [InlineData(",\"spool\":{\"pressure\":\"refuse\",\"bytes\":9000000000,\"limit_bytes\":9000000000}", "free space")]
    [InlineData(",\"gaps\":{\"lost_ticks\":2}", "cloudticks backfill")]
    [InlineData(",\"spool\":{\"trouble\":\"read-only\",\"pressure\":\"none\"}", "writable")]
    [InlineData(",\"lag_records\":90000000", "If the lag shrinks, wait")]
    public async Task Problem_is_reported_with_a_remedy(string status, string cure)
    {
        await using var services = await StubServices.StartAsync();
        services.Status = status;
        await using var page = await RunningDashboard.StartAsync(nats.Url, settings: services.Settings);
        using var stream = await EventReader.OpenAsync(page.Http, "/api/page/pipeline");
        await stream.UntilAsync("picture", report => report.GetProperty("troubles").EnumerateArray()
            .Any(trouble => trouble.GetProperty("cure").GetString()!.Contains(cure, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Reason_of_an_event_hub_that_accepts_nothing_is_shown()
    {
        await using var services = await StubServices.StartAsync();
        services.Status = ",\"hub_away_ms\":5000,\"hub_away_reason\":\"less than 67.1 MB are free\"";
        await using var page = await RunningDashboard.StartAsync(nats.Url, settings: services.Settings);
        using var stream = await EventReader.OpenAsync(page.Http, "/api/page/pipeline");
        await stream.UntilAsync("picture", report => report.GetProperty("troubles").EnumerateArray()
            .Any(trouble =>
                trouble.GetProperty("sentence").GetString()!.Contains("(less than 67.1 MB are free)", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Failed_check_is_shown_with_its_message()
    {
        await using var services = await StubServices.StartAsync();
        services.Health =
            """{"status":"Unhealthy","checks":{"timescale":{"status":"Unhealthy","description":"The database is away.","facts":{}}}}""";
        await using var page = await RunningDashboard.StartAsync(nats.Url, settings: services.Settings);
        using var stream = await EventReader.OpenAsync(page.Http, "/api/page/pipeline");
        var report = await stream.UntilAsync(
            "picture", report => report.GetProperty("parts")[4].GetProperty("state").GetString() == "unhealthy");
        report.GetProperty("troubles").EnumerateArray().Where(trouble => trouble.GetProperty("part").GetString() == "timescale")
            .ShouldHaveSingleItem().GetProperty("sentence").GetString().ShouldBe("The database is away.");
    }

    [Fact]
    public async Task Lake_is_shown_with_figures_and_problems()
    {
        await using var services = await StubServices.StartAsync();
        services.Status = """
            ,"lake":{"location":"/data/lake","rows":1000,"bytes":4500,"files":2,"newest":"2026-11-21T06:59:59Z","lag_records":null,
            "archive_bytes_per_tick":9,"writes":false,"problem":"the disk is full"}
            """;
        services.Health = """
            {"status":"Degraded","checks":{"timescale":{"status":"Healthy","description":null,"facts":{}},
            "lake":{"status":"Degraded","description":"The lake is not written.","facts":{}}}}
            """;
        await using var page = await RunningDashboard.StartAsync(nats.Url, settings: services.Settings);
        using var stream = await EventReader.OpenAsync(page.Http, "/api/page/pipeline");

        // The figures and the health are two responses, and on a busy machine a reading may lack one of them.
        var report = await stream.UntilAsync("picture", report => report.GetProperty("lake").ValueKind == JsonValueKind.Object
            && report.GetProperty("parts").EnumerateArray().Any(part => part.GetProperty("name").GetString() == "lake"
                && part.GetProperty("state").GetString() == "degraded"));

        report.GetProperty("troubles").EnumerateArray().Where(trouble => trouble.GetProperty("part").GetString() == "lake")
            .ShouldHaveSingleItem().GetProperty("sentence").GetString().ShouldBe("The lake is not written.");
        var lake = report.GetProperty("lake");
        lake.GetProperty("rows").GetInt64().ShouldBe(1_000);
        lake.GetProperty("bytes_per_tick").GetDouble().ShouldBe(4.5);
        lake.GetProperty("compression").GetDouble().ShouldBe(2);
        lake.GetProperty("lag_records").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("[]")]
    [InlineData("{\"connected\":7,\"refused\":[],\"spool\":\"x\",\"services\":{},\"received\":\"many\",\"checks\":[1],\"status\":5}")]
    [InlineData("{\"received\":1e999,\"lag_records\":-1e400,\"services\":[7,{\"instances\":[null]}]}")]
    public async Task Invalid_response_of_a_service_does_not_break_the_snapshot(string answer)
    {
        await using var services = await StubServices.StartAsync();
        services.OverrideResponse = context => context.Response.WriteAsync(answer);
        await using var page = await RunningDashboard.StartAsync(nats.Url, settings: services.Settings);
        (await ReadSnapshotAsync(page)).GetProperty("parts").GetArrayLength().ShouldBe(8);
    }

    [Fact]
    public async Task Service_that_hangs_is_unavailable_after_two_seconds()
    {
        await using var services = await StubServices.StartAsync();
        services.OverrideResponse = context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        await using var page = await RunningDashboard.StartAsync(nats.Url, settings: services.Settings);
        (await ReadSnapshotAsync(page)).GetProperty("parts")[3].GetProperty("state").GetString().ShouldBe("away");
    }

    private static Task<JsonElement> ReadSnapshotAsync(RunningDashboard page) =>
        page.Http.GetFromJsonAsync<JsonElement>("/api/page/pipeline?once=true", TestContext.Current.CancellationToken);
}
