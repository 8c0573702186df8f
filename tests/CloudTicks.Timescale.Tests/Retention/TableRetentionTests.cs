using System.Diagnostics.Metrics;
using CloudTicks.TestServices;
using CloudTicks.Timescale.Retention;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CloudTicks.Timescale.Tests.Retention;

public sealed class TableRetentionTests(PostgresFixture postgres) : IDisposable
{
    private const long HourMs = 3_600_000;
    private const long WindowMs = 72 * HourMs;

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly long _now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, -6, CutoffClock.NewestTick, -6)]
    [InlineData(-8, 0, CutoffClock.Own, -8)]
    [InlineData(1_000, 1_000, CutoffClock.Database, 0)]
    public async Task Chunks_before_the_cutoff_are_dropped(
        int ownHours, int newestHours, CutoffClock clock, int earliestHours)
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var newest = _now + (newestHours * HourMs);
        await FillAsync(database, _now - (90 * HourMs), Math.Min(_now, newest));
        await FillAsync(database, newest, newest);

        var result = await Retention(database, _now + (ownHours * HourMs)).EnforceAsync(Cancellation);

        result.Clock.ShouldBe(clock);
        var cutoff = result.CutoffMs!.Value;
        (cutoff - (_now + (earliestHours * HourMs) - WindowMs)).ShouldBeInRange(-HourMs / 4, HourMs / 4);
        result.Dropped.Select(chunk => chunk.FromMs).ShouldBe(HoursFrom(_now - (90 * HourMs), cutoff));
        (result.Blocked, result.Problem, result.Lost.Count).ShouldBe((null, null, 0));
        result.OldestMs.ShouldBe(await OldestAsync(database));
        result.OldestMs!.Value.ShouldBeGreaterThanOrEqualTo(HourOf(cutoff));
        (await database.QueryAsync<long>($"SELECT count(*) FROM market_ticks WHERE timestamp_ms >= {cutoff}"))
            .ShouldBe(CountTicks(cutoff, Math.Min(_now, newest)) + (newestHours > 0 ? 1 : 0));
    }

    [Fact]
    public async Task Second_run_drops_nothing()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await FillAsync(database, _now - (80 * HourMs), _now);
        await Retention(database, _now).EnforceAsync(Cancellation);

        var second = await Retention(database, _now).EnforceAsync(Cancellation);

        second.CutoffMs.ShouldNotBeNull();
        second.Dropped.ShouldBeEmpty();
    }

    [Fact]
    public async Task Locked_chunk_stays_until_the_next_run()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await FillAsync(database, _now - (80 * HourMs), _now);
        TableRetentionResult held;
        await using (var reader = await database.Source.OpenConnectionAsync(Cancellation))
        await using (await reader.BeginTransactionAsync(Cancellation))
        {
            await using var command = new NpgsqlCommand(
                $"SELECT count(*) FROM market_ticks WHERE timestamp_ms < {HourOf(_now - (80 * HourMs)) + (3 * HourMs)}", reader);
            await command.ExecuteScalarAsync(Cancellation);

            held = await Retention(database, _now, lockTimeout: TimeSpan.FromSeconds(2)).EnforceAsync(Cancellation);
        }

        var next = await Retention(database, _now).EnforceAsync(Cancellation);

        held.Blocked!.Value.FromMs.ShouldBe(HourOf(_now - (80 * HourMs)));
        held.Dropped.ShouldBeEmpty();
        held.Remaining[0].Name.ShouldBe(held.Blocked.Value.Name);
        held.Problem!.ShouldContain($"is locked by {held.BlockedBy}.");
        held.BlockedBy!.ShouldStartWith("session ");
        (next.Blocked, next.Problem, next.Remaining.Count).ShouldBe((null, null, 0));
        next.Dropped.Count.ShouldBeGreaterThanOrEqualTo(7);
    }

    [Fact]
    public async Task Run_during_storing_drops_no_tick_of_the_window()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await FillAsync(database, _now - (90 * HourMs), _now);
        const int records = 200;
        var store = database.Store();
        var storing = Task.Run(
            async () =>
            {
                for (var record = 0; record < records; record++)
                {
                    // Write alternately into due chunks and into other chunks.
                    var first = _now - (record % 2 == 0 ? HourMs : (74 + (record % 16)) * HourMs);
                    await store.StoreAsync(
                        TestRecords.Partition(), [TestRecords.Quotes(record, 3, first, record * 10, (record * 10) + 1)],
                        TestRecords.NoneRefused, Cancellation);
                }
            },
            Cancellation);

        var retention = Retention(database, _now);
        do
        {
            await retention.EnforceAsync(Cancellation);
        }
        while (!storing.IsCompleted);

        await storing;
        var last = await retention.EnforceAsync(Cancellation);
        (await OldestAsync(database)).ShouldBeGreaterThanOrEqualTo(HourOf(last.CutoffMs!.Value));
        (await database.QueryAsync<long>(
            $"SELECT count(*) FROM market_ticks WHERE timestamp_ms >= {last.CutoffMs} AND tick_hash <> timestamp_ms"))
            .ShouldBe(records);
    }

    [Fact]
    public async Task Dry_run_reports_due_chunks_and_drops_nothing()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await FillAsync(database, _now - (80 * HourMs), _now);
        var retention = Retention(database, _now);
        var rows = await database.CountAsync();

        var dryRun = await retention.DryRunAsync(Cancellation);

        (dryRun.IsDry, dryRun.Problem, retention.Last).ShouldBe((true, null, null));
        dryRun.Dropped.ShouldAllBe(chunk => chunk.Bytes > 0);
        (await database.CountAsync()).ShouldBe(rows);
        var done = await retention.EnforceAsync(Cancellation);
        done.Dropped.Select(chunk => chunk.Name).ShouldBe(dryRun.Dropped.Select(chunk => chunk.Name));
        retention.Last.ShouldBe(done);
    }

    [Fact]
    public async Task Chunk_of_the_window_lost_during_a_run_is_reported()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await FillAsync(database, _now - (74 * HourMs), _now);
        var retention = Retention(database, _now);
        Task<TableRetentionResult> run;
        long young;
        await using (var blocker = await database.Source.OpenConnectionAsync(Cancellation))
        await using (var transaction = await blocker.BeginTransactionAsync(Cancellation))
        {
            await ExecuteAsync(blocker, $"SELECT count(*) FROM market_ticks WHERE timestamp_ms < {HourOf(_now - (74 * HourMs)) + HourMs}");
            run = retention.EnforceAsync(Cancellation);
            await database.WaitForBlockedSessionAsync();
            young = HourOf(_now - (50 * HourMs));
            await ExecuteAsync(
                blocker, $"SELECT drop_chunks('market_ticks', older_than => {young + HourMs}, newer_than => {young}::bigint)");
            await transaction.CommitAsync(Cancellation);
        }

        var result = await run;

        result.Lost.Single().FromMs.ShouldBe(young);
        result.Problem!.ShouldContain("1 chunks within the retention window are missing");
    }

    [Fact]
    public async Task Old_ticks_added_during_a_run_are_dropped_by_it()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await FillAsync(database, _now - (74 * HourMs), _now);
        var retention = Retention(database, _now);
        Task<TableRetentionResult> run;
        await using (var blocker = await database.Source.OpenConnectionAsync(Cancellation))
        await using (var transaction = await blocker.BeginTransactionAsync(Cancellation))
        {
            await ExecuteAsync(blocker, $"SELECT count(*) FROM market_ticks WHERE timestamp_ms < {HourOf(_now - (74 * HourMs)) + HourMs}");
            run = retention.EnforceAsync(Cancellation);
            await database.WaitForBlockedSessionAsync();
            // Chunks that did not exist at the start of the run.
            await ExecuteAsync(blocker, Fill(_now - (90 * HourMs), _now - (89 * HourMs)));
            await transaction.CommitAsync(Cancellation);
        }

        var result = await run;

        (result.Remaining.Count, result.Problem).ShouldBe((0, null));
        (await OldestAsync(database)).ShouldBeGreaterThanOrEqualTo(HourOf(result.CutoffMs!.Value));
    }

    [Fact]
    public async Task Closed_gaps_are_deleted_a_week_after_their_ticks()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await FillAsync(database, _now - HourMs, _now);
        var old = _now - WindowMs - (8 * 24 * HourMs);
        var young = _now - WindowMs - (6 * 24 * HourMs);
        (string State, long FromMs, long ToMs, long ChangedMs)[] gaps =
        [
            ("filled", old - HourMs, old, old), ("unfillable", old - HourMs, old, old), ("open", old - HourMs, old, old),
            ("filling", old - HourMs, old, old),
            ("filled", old, young, young), ("filled", young, young, young), ("unfillable", old - HourMs, old, young),
        ];
        foreach (var gap in gaps)
        {
            await database.ExecuteAsync(
                $"""
                INSERT INTO feed_gaps (id, market, symbol, kind, from_ms, to_ms, cause, found_by, state, recovered, changed_ms)
                VALUES (gen_random_uuid(), 'stock', 'AAPL', 'trade', {gap.FromMs}, {gap.ToMs}, 'c', 'f', '{gap.State}', 0, {gap.ChangedMs})
                """);
        }

        await database.ExecuteAsync(
            $"INSERT INTO feed_gaps (id, market, symbol, kind, from_ms, cause, found_by, state, recovered, changed_ms) VALUES "
                + $"(gen_random_uuid(), 'stock', 'AAPL', 'trade', {old}, 'c', 'f', 'open', 0, {old})");
        var dryRun = await Retention(database, _now).DryRunAsync(Cancellation);

        var result = await Retention(database, _now).EnforceAsync(Cancellation);

        (dryRun.RemovedGaps, result.RemovedGaps).ShouldBe((0, 2));
        (await database.QueryAsync<string>("SELECT string_agg(state::text, ' ' ORDER BY state::text) FROM feed_gaps"))
            .ShouldBe("filled filled filling open open unfillable");
    }

    [Fact]
    public async Task Concurrent_runs_are_serialised()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await FillAsync(database, _now - (76 * HourMs), _now);

        var results = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => EnforceAsync()));

        results.ShouldAllBe(result => result.Problem == null);
        results.Count(result => result.Dropped.Count > 0).ShouldBe(1);

        async Task<TableRetentionResult> EnforceAsync()
        {
            while (true)
            {
                try
                {
                    return await Retention(database, _now).EnforceAsync(Cancellation);
                }
                catch (TableRetentionBusyException)
                {
                    // On a busy machine another run takes longer than this one waits.
                }
            }
        }
    }

    [Fact]
    public async Task Empty_table_and_no_window_drop_nothing()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var resultOfEmptyTable = await Retention(database, _now).EnforceAsync(Cancellation);
        await FillAsync(database, _now - (80 * HourMs), _now);

        var resultWithoutWindow = await Retention(database, _now, null, TimeSpan.Zero).EnforceAsync(Cancellation);

        (resultOfEmptyTable.CutoffMs, resultOfEmptyTable.Dropped.Count).ShouldBe((null, 0));
        (resultWithoutWindow.CutoffMs, resultWithoutWindow.Dropped.Count).ShouldBe((null, 0));
        (await OldestAsync(database)).ShouldBe(_now - (80 * HourMs));
    }

    public void Dispose() => _services.Dispose();

    /// <summary>Inserts a tick for each quarter of an hour.</summary>
    private static Task FillAsync(TestDatabase database, long fromMs, long toMs) => database.ExecuteAsync(Fill(fromMs, toMs));

    private static string Fill(long fromMs, long toMs) =>
        $"""
        INSERT INTO market_ticks (symbol, timestamp_ms, market, kind, source, tick_hash, received_ms)
        SELECT 'EURUSD', t, 'forex', 'quote', 'live', t, t FROM generate_series({fromMs}, {toMs}, {HourMs / 4}) t ON CONFLICT DO NOTHING
        """;

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private static Task<long> OldestAsync(TestDatabase database) => database.QueryAsync<long>("SELECT min(timestamp_ms) FROM market_ticks");

    private static long HourOf(long ms) => ms / HourMs * HourMs;

    private static IEnumerable<long> HoursFrom(long firstMs, long cutoffMs)
    {
        for (var hour = HourOf(firstMs); hour + HourMs <= cutoffMs; hour += HourMs)
        {
            yield return hour;
        }
    }

    /// <summary>Number of ticks in a range if <see cref="FillAsync"/> has inserted ticks from 90 hours ago until now.</summary>
    private long CountTicks(long fromMs, long toMs)
    {
        var first = _now - (90 * HourMs);
        var ticksBefore = (fromMs - first + (HourMs / 4) - 1) / (HourMs / 4);
        return ((toMs - first) / (HourMs / 4)) + 1 - ticksBefore;
    }

    private TableRetention Retention(TestDatabase database, long ownMs, TimeSpan? lockTimeout = null) =>
        Retention(database, ownMs, TimeSpan.FromDays(3), lockTimeout ?? TimeSpan.FromMinutes(1));

    private TableRetention Retention(TestDatabase database, long ownMs, TimeSpan? window, TimeSpan lockTimeout)
    {
        var time = new FixedTime(DateTimeOffset.FromUnixTimeMilliseconds(ownMs));
        var metrics = new TimescaleMetrics(_services.GetRequiredService<IMeterFactory>(), time);
        var options = new SettableOptions(new TimescaleOptions { RetentionWindow = window });
        return new TableRetention(
            database.Source, options, metrics, time, NullLogger<TableRetention>.Instance)
        { ChunkLockTimeout = lockTimeout };
    }
}
