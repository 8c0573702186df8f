using CloudTicks.TestServices;
using CloudTicks.Timescale.Schema;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CloudTicks.Timescale.Tests.Schema;

public class SchemaMigratorTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Table_has_the_documented_columns()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);

        var columns = await database.QueryAsync<string[]>(
            """
            SELECT array_agg(attname || ' ' || format_type(atttypid, atttypmod) || CASE WHEN attnotnull THEN ' not null' ELSE '' END ORDER BY attnum)
            FROM pg_attribute WHERE attrelid = 'market_ticks'::regclass AND attnum > 0
            """);

        columns.ShouldBe(
        [
            "symbol text not null", "timestamp_ms bigint not null", "market market not null", "kind tick_kind not null",
            "source tick_source not null", "bid double precision", "ask double precision", "bid_size double precision",
            "ask_size double precision", "price double precision", "size double precision", "exchange smallint", "conditions smallint[]",
            "sequence bigint", "trade_id text", "tick_hash bigint not null", "received_ms bigint not null",
        ]);
    }

    [Theory]
    [InlineData("market", "stock,option,forex,crypto")]
    [InlineData("tick_kind", "quote,trade")]
    [InlineData("tick_source", "live,backfill,db_command,replay")]
    public async Task Enums_have_the_documented_labels(string type, string labels)
    {
        await using var database = await TestDatabase.CreateAsync(postgres);

        var found = await database.QueryAsync<string>($"SELECT array_to_string(enum_range(NULL::{type}), ',')");

        found.ShouldBe(labels);
    }

    [Fact]
    public async Task Table_is_a_hypertable_with_hourly_chunks_and_one_index()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);

        var dimension = await database.QueryAsync<string>(
            """
            SELECT column_name || ' ' || column_type || ' ' || integer_interval || ' ' || integer_now_func
            FROM timescaledb_information.dimensions WHERE hypertable_name = 'market_ticks'
            """);
        var indexes = await database.QueryAsync<string[]>("SELECT array_agg(indexdef) FROM pg_indexes WHERE tablename = 'market_ticks'");

        dimension.ShouldBe("timestamp_ms bigint 3600000 unix_now_ms");
        indexes.ShouldBe(
            ["CREATE UNIQUE INDEX market_ticks_identity ON public.market_ticks USING btree (timestamp_ms, symbol, tick_hash)"]);
    }

    [Fact]
    public async Task Offsets_have_the_documented_columns()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);

        var columns = await database.QueryAsync<string[]>(
            """
            SELECT array_agg(attname || ' ' || format_type(atttypid, atttypmod) ORDER BY attnum)
            FROM pg_attribute WHERE attrelid = 'stream_offsets'::regclass AND attnum > 0
            """);

        columns.ShouldBe(["consumer text", "stream text", "topic text", "partition integer", "next_offset bigint"]);
    }

    [Fact]
    public async Task Migrating_again_changes_nothing()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.ExecuteAsync("INSERT INTO stream_offsets VALUES ('timescale', 's', 't', 0, 7)");
        var before = await database.QueryAsync<string>("SELECT string_agg(m::text, ';' ORDER BY version) FROM schema_migrations m");

        await database.Migrator().MigrateAsync(Cancellation);

        (await database.QueryAsync<string>("SELECT string_agg(m::text, ';' ORDER BY version) FROM schema_migrations m")).ShouldBe(before);
        (await database.QueryAsync<long>("SELECT next_offset FROM stream_offsets")).ShouldBe(7);
    }

    [Fact]
    public async Task Edition_is_logged_once()
    {
        await using var source = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync(Cancellation));
        var log = new LogRecorder<SchemaMigrator>();
        var migrator = new SchemaMigrator(source, TimeProvider.System, log);

        await migrator.MigrateAsync(Cancellation);
        await migrator.MigrateAsync(Cancellation);

        var line = log.Lines.Where(line => line.Contains(" has TimescaleDB ", StringComparison.Ordinal)).ShouldHaveSingleItem();
        line.ShouldContain("the Apache edition, which has no compression");
    }

    [Fact]
    public async Task Concurrent_programs_migrate_once()
    {
        await using var source = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync(Cancellation));

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Migrator(source).MigrateAsync(Cancellation)));

        await using var command = source.CreateCommand("SELECT count(*) FROM schema_migrations");
        (await command.ExecuteScalarAsync(Cancellation)).ShouldBe((long)Migration.All.Count);
    }

    [Fact]
    public async Task Schema_newer_than_the_program_is_refused()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.ExecuteAsync("INSERT INTO schema_migrations VALUES (999, '0999_of_tomorrow', 'x', now())");

        var refused = await Should.ThrowAsync<SchemaException>(() => database.Migrator().MigrateAsync(Cancellation));

        refused.Message.ShouldContain("0999_of_tomorrow");
        refused.Message.ShouldContain("Update this program");
    }

    [Fact]
    public async Task Changed_migration_is_refused()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        List<Migration> changed = [.. Migration.All];
        changed[1] = new Migration(changed[1].Version, changed[1].Name, changed[1].Sql + "-- a word more\n");

        var refused = await Should.ThrowAsync<SchemaException>(() => Migrator(database.Source, changed).MigrateAsync(Cancellation));

        refused.Message.ShouldContain("0002_stream_offsets");
    }

    [Fact]
    public async Task Failed_migration_is_rolled_back_and_can_be_retried()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var next = Migration.All.Count + 1;
        Migration broken = new(next, "broken", "CREATE TABLE half_made (a int); SELECT 1 / 0;");
        Migration mended = new(next, "mended", "CREATE TABLE half_made (a int);");

        await Should.ThrowAsync<PostgresException>(() => Migrator(database.Source, [.. Migration.All, broken]).MigrateAsync(Cancellation));
        (await database.QueryAsync<bool>("SELECT to_regclass('half_made') IS NULL")).ShouldBeTrue();
        await Migrator(database.Source, [.. Migration.All, mended]).MigrateAsync(Cancellation);

        (await database.QueryAsync<bool>("SELECT to_regclass('half_made') IS NOT NULL")).ShouldBeTrue();
    }

    private static SchemaMigrator Migrator(NpgsqlDataSource source, IReadOnlyList<Migration>? migrations = null) =>
        new(source, TimeProvider.System, NullLogger<SchemaMigrator>.Instance, migrations ?? Migration.All);
}
