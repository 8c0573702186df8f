using System.Text.Json;
using CloudTicks.TestServices;

namespace CloudTicks.Functions.Tests;

public class SchemaTests(PostgresFixture postgres)
{
    private const string NewerVersion = "INSERT INTO schema_migrations VALUES (999, '0999_of_tomorrow', 'x', now())";

    [Fact]
    public async Task Database_of_a_newer_program_is_not_changed()
    {
        await using var system = await TestSystem.StartAsync(postgres);
        await system.ExecuteAsync(
            $"""
            CREATE TABLE schema_migrations (version integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at timestamptz NOT NULL);
            {NewerVersion}
            """);
        await system.ProduceAsync(0, TestTicks.Record(0, 0, 10));

        var functions = await system.StartFunctionsAsync();
        await functions.LineAsync("has schema version 999 (0999_of_tomorrow), but this program supports versions up to");
        var health = await functions.UntilHealthAsync(503);
        await system.UntilSeenAsync(10);

        health.ShouldContain("schema version 999");
        (await system.QueryAsync<long>("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"))
            .ShouldBe(1);
        (await system.QueryAsync<long>("SELECT count(*) FROM pg_extension WHERE extname = 'timescaledb'")).ShouldBe(0);
        functions.CountLines("schema version 999").ShouldBe(1, functions.Log);
        (await TimescaleAsync(functions)).ValueKind.ShouldBe(JsonValueKind.Null);

        await system.ExecuteAsync("DELETE FROM schema_migrations");
        await functions.LineAsync("The database is ready");
        await system.UntilRowsAsync(10);
        await functions.UntilHealthAsync(200);
        var timescale = await TimescaleAsync(functions);
        (timescale.GetProperty("edition").GetString(), timescale.GetProperty("compression").GetBoolean()).ShouldBe(("apache", false));
        timescale.GetProperty("compression_why").GetString()!.ShouldContain("no compression");
    }

    [Fact]
    public async Task Database_upgraded_meanwhile_gets_no_more_rows()
    {
        await using var system = await TestSystem.StartAsync(postgres);
        var functions = await system.StartFunctionsAsync();
        await system.ProduceAsync(0, TestTicks.Record(0, 0, 10));
        await system.UntilRowsAsync(10);

        await system.ExecuteAsync(NewerVersion);
        await functions.LineAsync("has schema version 999");
        await system.ProduceAsync(0, TestTicks.Record(0, 10, 10));
        await system.UntilSeenAsync(20);
        (await system.CountRowsAsync()).ShouldBe(10);

        await system.ExecuteAsync("DELETE FROM schema_migrations WHERE version = 999");
        await functions.LineAsync("The database is ready");
        await system.UntilRowsAsync(20);
    }

    /// <summary>Reads the database section of the status.</summary>
    private static async Task<JsonElement> TimescaleAsync(FunctionsProcess functions)
    {
        using var http = new HttpClient();
        var response = await http.GetStringAsync(
            new Uri(await functions.AddressAsync(), "/api/v1/status"), TestContext.Current.CancellationToken);
        return JsonElement.Parse(response).GetProperty("timescale");
    }
}
