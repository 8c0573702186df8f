using CloudTicks.CentralHub.Store.Documents;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;
using CloudTicks.Timescale.Schema;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CloudTicks.Cli.Tests.Replaying;

public class ReplayToTableTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string EarliestDate = "1990-01-01";

    // The checksum covers whole rows, including sources and times of receipt.
    private const string Checksum =
        "SELECT count(*) || ' ' || coalesce(md5(string_agg(row::text, ';' ORDER BY timestamp_ms, symbol, tick_hash)), '') FROM "
            + "market_ticks AS row";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replay_into_an_empty_database_stores_each_tick_once()
    {
        await using var archive = await FilledAsync();
        var database = await postgres.CreateDatabaseAsync(Cancellation);

        var run = await CliRun.OfAsync(Environment(archive, database), "replay", "--to-table", "--from", EarliestDate, "--json");

        run.ExitCode.ShouldBe(0, run.Errors);
        (run.Number("stored"), run.Number("repeated"), run.Number("gap_states")).ShouldBe((3_000, 200, 1));
        (await QueryAsync(database, "SELECT count(*) || ' ' || count(DISTINCT (timestamp_ms, symbol, tick_hash)) FROM market_ticks"))
            .ShouldBe("3000 3000");
        (await QueryAsync(
            database,
            "SELECT string_agg(source || ' ' || n, ', ' ORDER BY source) FROM (SELECT source, count(*) AS n FROM market_ticks GROUP BY "
                + "source) s"))
            .ShouldBe("live 2800, backfill 200");
        (await QueryAsync(database, "SELECT state::text FROM feed_gaps")).ShouldBe("filled");
    }

    [Fact]
    public async Task Replay_restores_a_dropped_table_with_its_constraint()
    {
        await using var archive = await FilledAsync();
        var database = await postgres.CreateDatabaseAsync(Cancellation);
        await StoreAsync(archive, database);
        var before = await QueryAsync(database, Checksum);
        var schema = await QueryAsync(database, Schema);
        await QueryAsync(database, "DROP TABLE market_ticks");

        var run = await CliRun.OfAsync(Environment(archive, database), "replay", "--to-table", "--from", EarliestDate, "--json");

        run.ExitCode.ShouldBe(0, run.Errors);
        run.Errors.ShouldContain("was missing and was created");
        before.ShouldStartWith("3000 ");
        (await QueryAsync(database, Checksum)).ShouldBe(before);
        (await QueryAsync(database, Schema)).ShouldBe(schema);
        (await QueryAsync(database,
            "SELECT count(*)::text FROM timescaledb_information.hypertables WHERE hypertable_name = 'market_ticks'")).ShouldBe("1");
    }

    [Fact]
    public async Task Replay_creates_the_table_as_owner_and_writes_as_writer()
    {
        await using var archive = await FilledAsync();
        var database = await postgres.CreateDatabaseAsync(Cancellation);
        await StoreAsync(archive, database);
        await QueryAsync(
            database, "DROP TABLE market_ticks; CREATE ROLE replay_writer LOGIN PASSWORD 'p'; GRANT cloudticks_writer TO replay_writer");
        var environment = Environment(
            archive, new NpgsqlConnectionStringBuilder(database) { Username = "replay_writer", Password = "p" }.ConnectionString);

        var refused = await CliRun.OfAsync(environment, "replay", "--to-table", "--from", EarliestDate, "--json");
        environment["ConnectionStrings__timescale_owner"] = database;
        var run = await CliRun.OfAsync(environment, "replay", "--to-table", "--from", EarliestDate, "--json");

        refused.ExitCode.ShouldNotBe(0);
        run.ExitCode.ShouldBe(0, run.Errors);
        run.Number("stored").ShouldBe(3_000);
    }

    [Fact]
    public async Task Replay_of_stored_ticks_changes_nothing()
    {
        await using var archive = await FilledAsync();
        var database = await postgres.CreateDatabaseAsync(Cancellation);
        await StoreAsync(archive, database);
        var before = await QueryAsync(database, Checksum);

        var run = await CliRun.OfAsync(Environment(archive, database), "replay", "--to-table", "--from", EarliestDate, "--json");

        (run.Number("stored"), run.Number("present")).ShouldBe((0, 3_000));
        (await QueryAsync(database, Checksum)).ShouldBe(before);
        (await QueryAsync(database, "SELECT count(*)::text FROM stream_offsets WHERE next_offset > 0")).ShouldBe("3");
    }

    [Fact]
    public async Task Replay_during_live_storing_loses_and_duplicates_no_tick()
    {
        await using var archive = await FilledAsync();
        var database = await postgres.CreateDatabaseAsync(Cancellation);
        await using var writer = await TickStoreWriter.OpenAsync(database);
        await writer.StoreAllAsync(archive);
        await QueryAsync(database, "TRUNCATE market_ticks");

        var replaying = CliRun.OfAsync(Environment(archive, database), "replay", "--to-table", "--from", EarliestDate, "--json");
        for (var number = 1_000; !replaying.IsCompleted; number += 50)
        {
            await archive.AppendAsync(TestArchive.EurUsd, TickSource.Live, Enumerable.Range(number - 10, 60));
            await writer.StoreAllAsync(archive);
        }

        (await replaying).ExitCode.ShouldBe(0, (await replaying).Errors);
        var rows = await QueryAsync(database, Checksum);
        var other = await postgres.CreateDatabaseAsync(Cancellation);
        await StoreAsync(archive, other);
        rows.ShouldBe(await QueryAsync(other, Checksum));
    }

    [Fact]
    public async Task Killed_replay_is_completed_by_the_next()
    {
        await using var archive = await TestArchive.StartAsync();
        for (var first = 0; first < 200_000; first += 5_000)
        {
            await archive.AppendAsync(TestArchive.EurUsd, TickSource.Live, Enumerable.Range(first, 5_000));
        }

        var database = await postgres.CreateDatabaseAsync(Cancellation);
        using (var killed = CliProcess.Start(Environment(archive, database), "replay", "--to-table", "--from", EarliestDate))
        {
            while (await QueryAsync(database,
                "SELECT coalesce((SELECT n_tup_ins::text FROM pg_stat_user_tables WHERE relname LIKE '_hyper%chunk' LIMIT 1), '0')") == "0"
                && !killed.Exited)
            {
                await Task.Yield();
            }

            killed.Kill();
            await killed.WaitAsync();
        }

        var run = await CliRun.OfAsync(Environment(archive, database), "replay", "--to-table", "--from", EarliestDate, "--json");

        run.ExitCode.ShouldBe(0, run.Errors);
        (run.Number("stored") + run.Number("present")).ShouldBe(200_000);
        (await QueryAsync(database, "SELECT count(*)::text FROM market_ticks")).ShouldBe("200000");
    }

    [Fact]
    public async Task Replay_skips_and_names_damaged_records_and_fails()
    {
        await using var archive = await FilledAsync();
        var partition = TestArchive.EurUsd.PartitionOf(TestArchive.Partitions);
        await archive.AppendAsync(partition, "no TickBatch at all"u8.ToArray());
        await archive.AppendAsync(partition, "{\"gap\":{\"version\":9}}"u8.ToArray());
        await archive.AppendAsync(partition + 1, TestArchive.Record(TestArchive.EurUsd, TickSource.Live, 70_000));
        await archive.AppendAsync(partition, TestArchive.Record(TestArchive.EurUsd, TickSource.Live, 80_000)[..^3]);
        var database = await postgres.CreateDatabaseAsync(Cancellation);

        var run = await CliRun.OfAsync(Environment(archive, database), "replay", "--to-table", "--from", EarliestDate, "--json");

        run.ExitCode.ShouldBe(1);
        (run.Number("stored"), run.Number("refused_records")).ShouldBe((3_000, 4));
        run.Json().GetProperty("state").GetString().ShouldBe("incomplete");
        run.Errors.ShouldContain($"The record tick_archive/{partition} at offset");
        run.Errors.ShouldContain($"but is in partition {partition + 1}");
    }

    [Fact]
    public async Task Replay_without_from_skips_ticks_outside_retention()
    {
        await using var archive = await FilledAsync();
        var database = await postgres.CreateDatabaseAsync(Cancellation);

        var run = await CliRun.OfAsync(Environment(archive, database), "replay", "--to-table", "--json");
        var withoutRetention = Environment(archive, database);
        withoutRetention["Timescale__RetentionWindow"] = "";
        var all = await CliRun.OfAsync(withoutRetention, "replay", "--to-table", "--json");

        run.Errors.ShouldContain("retention of 3 days");
        (run.Number("stored"), all.Number("stored")).ShouldBe((0, 3_000));
    }

    [Fact]
    public async Task Replay_prefers_the_retention_setting_of_the_hub()
    {
        await using var archive = await FilledAsync();
        var database = await postgres.CreateDatabaseAsync(Cancellation);
        await using (var source = NpgsqlDataSource.Create(database))
        {
            await new SchemaMigrator(source, TimeProvider.System, NullLogger<SchemaMigrator>.Instance).MigrateAsync(Cancellation);
            var newVersion = new NewConfigVersion("""{"operational":{"retention_days":36}}""", "patch", "a test", null, []);
            await new ConfigStore(source, TimeProvider.System)
                .ChangeAsync("tick-functions", (_, _) => Task.FromResult<NewConfigVersion?>(newVersion), Cancellation);
        }

        var environment = Environment(archive, database);
        environment["Timescale__RetentionWindow"] = "";
        var run = await CliRun.OfAsync(environment, "replay", "--to-table", "--json");

        run.Errors.ShouldContain("retention of 36 days");
        run.Number("stored").ShouldBe(0);
    }

    [Fact]
    public async Task Replay_without_a_database_names_the_address()
    {
        await using var archive = await TestArchive.StartAsync();

        var run = await CliRun.OfAsync(Environment(archive, "Host=127.0.0.1;Port=1;Database=none;Username=nobody"), "replay", "--to-table");

        run.ExitCode.ShouldBe(1);
        run.Errors.ShouldContain("PostgreSQL at 127.0.0.1:1 does not answer");
    }

    private const string Schema =
        """
        SELECT string_agg(column_name || ' ' || data_type || ' ' || is_nullable, ', ' ORDER BY ordinal_position) || ' '
            || (SELECT string_agg(indexdef, ';' ORDER BY indexdef) FROM pg_indexes WHERE tablename = 'market_ticks')
            || (SELECT col_description('market_ticks'::regclass, 16))
        FROM information_schema.columns WHERE table_name = 'market_ticks'
        """;

    private static Dictionary<string, string?> Environment(TestArchive archive, string database) => new()
    {
        ["ConnectionStrings__eventhubs"] = archive.Hub.BootstrapServers,
        ["ConnectionStrings__timescale"] = database,
    };

    /// <summary>1,000 ticks of each of three symbols: late ones, a backfill that overlaps with live ticks, repeats, and a gap.</summary>
    private static async Task<TestArchive> FilledAsync()
    {
        var archive = await TestArchive.StartAsync();
        foreach (var symbol in (Symbol[])[TestArchive.EurUsd, TestArchive.Apple, TestArchive.Bitcoin])
        {
            await archive.AppendAsync(symbol, TickSource.Live, Enumerable.Range(500, 500));
            await archive.AppendAsync(symbol, TickSource.Live, Enumerable.Range(200, 300).Reverse());
            if (symbol == TestArchive.EurUsd)
            {
                await archive.AppendAsync(symbol, TickSource.Backfill, Enumerable.Range(0, 300));
                await archive.AppendAsync(symbol, TickSource.Live, Enumerable.Range(100, 100));
            }
            else
            {
                await archive.AppendAsync(symbol, TickSource.Live, Enumerable.Range(0, 200));
            }
        }

        var gap = new FeedGap(
            Guid.NewGuid(), TestArchive.EurUsd, TickKind.Quote, TestArchive.FirstMs, TestArchive.FirstMs + 100, "disconnected", "a test",
            GapState.Filled, 300, null,
            TestArchive.FirstMs + 100_000);
        await archive.AppendAsync(TestArchive.EurUsd.PartitionOf(TestArchive.Partitions), GapRecord.Write(gap));
        return archive;
    }

    private static async Task StoreAsync(TestArchive archive, string database)
    {
        await using var writer = await TickStoreWriter.OpenAsync(database);
        await writer.StoreAllAsync(archive);
    }

    private static async Task<string> QueryAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancellation) as string ?? "";
    }
}
