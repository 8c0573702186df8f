using CloudTicks.TestServices;
using Npgsql;

namespace CloudTicks.Functions.Tests;

public class StartTests(PostgresFixture postgres, NatsFixture nats)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ConnectionStrings__timescale", null, "ConnectionStrings__timescale")]
    [InlineData("ConnectionStrings__timescale", "Host=h;Database=d;Paswort=secret-canary", "ConnectionStrings__timescale")]
    [InlineData("ConnectionStrings__nats", null, "nats")]
    [InlineData("ConnectionStrings__eventhubs", "localhost", "host:port")]
    [InlineData("Timescale__Writers", "0", "Writers")]
    [InlineData("Timescale__Wrters", "2", "Wrters")]
    [InlineData("CLOUDTICKS_LIBNATS", "/nowhere/libnats.so", "/nowhere/libnats.so")]
    public async Task Wrong_setting_ends_the_start_with_a_sentence(string name, string? value, string said)
    {
        var settings = new Dictionary<string, string?>
        {
            ["ConnectionStrings__eventhubs"] = "127.0.0.1:1",
            ["ConnectionStrings__timescale"] = postgres.Server.GetConnectionString("postgres"),
            ["ConnectionStrings__nats"] = nats.Url,
            [name] = value,
        };

        await using var functions = await FunctionsProcess.StartAsync(settings);

        (await functions.Exited.WaitAsync(Cancellation)).ShouldBe(1, functions.Log);
        functions.Log.ShouldContain(said);
        functions.Log.ShouldNotContain("   at ");
        functions.Log.ShouldNotContain("canary");
    }

    [Fact]
    public async Task Database_of_a_newer_program_ends_the_start_with_a_sentence()
    {
        var database = await postgres.CreateDatabaseAsync(Cancellation);
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(
            """
            CREATE EXTENSION timescaledb;
            CREATE TABLE schema_migrations (version integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at timestamptz NOT NULL);
            INSERT INTO schema_migrations SELECT v, 'of_tomorrow', 'x', now() FROM generate_series(99, 99) v
            """);
        await command.ExecuteNonQueryAsync(Cancellation);

        await using var functions = await FunctionsProcess.StartAsync(new Dictionary<string, string?>
        {
            ["ConnectionStrings__eventhubs"] = "127.0.0.1:1",
            ["ConnectionStrings__timescale"] = database,
            ["ConnectionStrings__nats"] = nats.Url,
        });

        (await functions.Exited.WaitAsync(Cancellation)).ShouldBe(1, functions.Log);
        functions.Log.ShouldContain("Update this program");
    }
}
