using System.Net;
using System.Text.Json;
using CloudTicks.TestServices;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace CloudTicks.Functions.Tests.Retaining;

public sealed class TableRetentionTests(PostgresFixture postgres)
{
    private const long HourMs = TableRetentionApp.HourMs;

    private readonly long _now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Retention_status_dry_run_and_run_work_over_HTTP()
    {
        await using var app = await TableRetentionApp.StartAsync(postgres);
        await app.FillAsync(_now - (80 * HourMs), _now);
        var rows = await app.CountAsync();

        var before = await app.GetStatusAsync();
        before.GetProperty("retention_days").GetDouble().ShouldBe(3);
        before.GetProperty("window").GetString().ShouldBe("3.00:00:00");
        before.GetProperty("clock").GetString().ShouldBe("newest_tick");
        Time(before, "newest").ShouldBe(_now);
        Time(before, "cutoff").ShouldBe(_now - (72 * HourMs));
        Time(before, "oldest").ShouldBe(_now - (80 * HourMs));
        before.GetProperty("last_run").ValueKind.ShouldBe(JsonValueKind.Null);
        before.GetProperty("chunks").GetArrayLength().ShouldBeInRange(81, 82);
        before.GetProperty("bytes").GetInt64()
            .ShouldBe(before.GetProperty("chunks").EnumerateArray().Sum(chunk => chunk.GetProperty("bytes").GetInt64()));
        var dueChunks = before.GetProperty("due_chunks").GetInt32();
        dueChunks.ShouldBeInRange(7, 8);

        var dryRun = await app.RunAsync("?dry_run=true");
        (dryRun.GetProperty("dry_run").GetBoolean(), dryRun.GetProperty("verified").ValueKind).ShouldBe((true, JsonValueKind.Null));
        dryRun.GetProperty("dropped").GetArrayLength().ShouldBe(dueChunks);
        (await app.CountAsync()).ShouldBe(rows);

        var result = await app.RunAsync();
        (result.GetProperty("dry_run").GetBoolean(), result.GetProperty("verified").GetBoolean()).ShouldBe((false, true));
        (result.GetProperty("dropped").GetArrayLength(), result.GetProperty("problem").ValueKind).ShouldBe((dueChunks, JsonValueKind.Null));

        var after = await app.GetStatusAsync();
        after.GetProperty("due_chunks").GetInt32().ShouldBe(0);
        after.GetProperty("last_run").GetRawText().ShouldBe(result.GetRawText());
        after.GetProperty("oldest").GetString().ShouldBe(result.GetProperty("oldest").GetString());
    }

    [Fact]
    public async Task Remaining_old_ticks_degrade_health()
    {
        await using var app = await TableRetentionApp.StartAsync(postgres);
        await app.FillAsync(_now - (75 * HourMs), _now);
        await using (var reader = await app.Database.OpenConnectionAsync(Cancellation))
        await using (await reader.BeginTransactionAsync(Cancellation))
        {
            await using var read = new NpgsqlCommand("SELECT * FROM market_ticks ORDER BY timestamp_ms LIMIT 1", reader);
            await read.ExecuteNonQueryAsync(Cancellation);

            var blocked = await app.RunAsync();

            blocked.GetProperty("verified").GetBoolean().ShouldBeFalse();
            blocked.GetProperty("blocked").GetProperty("by").GetString()!.ShouldContain("(test)");
            blocked.GetProperty("problem").GetString()!.ShouldContain("chunks older than the retention window remain");
        }

        var degraded = await app.HealthAsync();
        degraded.Status.ShouldBe(HealthStatus.Degraded);
        degraded.Description!.ShouldContain("chunks older than the retention window remain");
        (await app.RunAsync()).GetProperty("verified").GetBoolean().ShouldBeTrue();
        (await app.HealthAsync()).Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task Reader_cannot_run_retention_and_bad_parameters_are_refused()
    {
        await using var app = await TableRetentionApp.StartAsync(postgres);
        var key = await app.ReaderKeyAsync();

        (await app.StatusAsync(HttpMethod.Get, "/api/v1/retention", key)).ShouldBe(HttpStatusCode.OK);
        (await app.StatusAsync(HttpMethod.Post, "/api/v1/retention/run", key)).ShouldBe(HttpStatusCode.Forbidden);
        (await app.StatusAsync(HttpMethod.Post, "/api/v1/retention/run?dry_run=perhaps")).ShouldBe(HttpStatusCode.BadRequest);
        (await app.StatusAsync(HttpMethod.Get, "/api/v1/retention?dry_run=true")).ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Retention_days_of_the_hub_apply_to_the_next_run()
    {
        using var folder = new TemporaryFolder();
        await using var system = await TestSystem.StartAsync(postgres);
        var functions = await system.StartFunctionsAsync();
        var address = await functions.AddressAsync();
        var follower = await system.StartFunctionsAsync(("CentralHub__Endpoint", $"{address}"), ("CentralHub__Folder", folder.File("hub")));
        using var hub = new HttpClient { BaseAddress = address };
        using var http = new HttpClient { BaseAddress = await follower.AddressAsync() };
        await functions.UntilHealthAsync(200);
        await follower.UntilHealthAsync(200);
        await system.ExecuteAsync(
            $"""
            INSERT INTO market_ticks (symbol, timestamp_ms, market, kind, source, tick_hash, received_ms)
            SELECT 'EURUSD', t, 'forex', 'quote', 'live', t, t FROM generate_series({_now - (50 * HourMs)}, {_now}, {HourMs}) t
            """);
        var rows = await system.CountRowsAsync();
        (await RunAsync(http)).GetProperty("retention_days").GetDouble().ShouldBe(3);
        (await system.CountRowsAsync()).ShouldBe(rows);

        await system.UntilAsync(async () =>
        {
            var disks = (await GetStatusAsync(http)).GetProperty("disks").EnumerateArray()
                .ToDictionary(disk => disk.GetProperty("name").GetString()!);
            return disks.Count == 3 && disks["archive"].GetProperty("free_bytes").ValueKind == JsonValueKind.Number
                && disks["table"].TryGetProperty("bytes", out var bytes) && bytes.ValueKind == JsonValueKind.Number && bytes.GetInt64() > 0
                ? null : $"{disks.Count} disks are known";
        });

        using var change = new StringContent("""{"operational":{"retention_days":1}}""", null, "application/json");
        using var changed = await hub.PostAsync(new Uri("/api/v1/config/tick-functions", UriKind.Relative), change, Cancellation);
        changed.StatusCode.ShouldBe(HttpStatusCode.OK);
        await system.UntilAsync(async () =>
            (await GetStatusAsync(http)).GetProperty("retention_days").GetDouble() == 1 ? null : "3 days are still in force");

        var result = await RunAsync(http);
        (result.GetProperty("retention_days").GetDouble(), result.GetProperty("verified").GetBoolean()).ShouldBe((1, true));
        (await system.CountRowsAsync()).ShouldBeInRange(24, 26);
    }

    private static async Task<JsonElement> GetStatusAsync(HttpClient http)
    {
        using var json = JsonDocument.Parse(await http.GetStringAsync(new Uri("/api/v1/retention", UriKind.Relative), Cancellation));
        return json.RootElement.Clone();
    }

    private static async Task<JsonElement> RunAsync(HttpClient http)
    {
        using var response = await http.PostAsync(new Uri("/api/v1/retention/run", UriKind.Relative), null, Cancellation);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        return json.RootElement.Clone();
    }

    private static long Time(JsonElement json, string name) => json.GetProperty(name).GetDateTimeOffset().ToUnixTimeMilliseconds();
}
