using System.Diagnostics.Metrics;
using CloudTicks.TestServices;
using CloudTicks.Timescale.Retention;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.Timescale.Tests.Retention;

public sealed class TickRetentionTests(PostgresFixture postgres) : IDisposable
{
    private const long HourMs = 3_600_000;
    private const long WindowMs = 72 * HourMs;

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly long _now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, -6, RetentionClock.NewestTick, -6)]
    [InlineData(-8, 0, RetentionClock.Own, -8)]
    [InlineData(1_000, 1_000, RetentionClock.Database, 0)]
    public async Task Chunks_go_that_end_before_the_earliest_clock_less_the_window(
        int ownHours, int newestHours, RetentionClock clock, int earliestHours)
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
        result.Blocked.ShouldBeNull();
        (await OldestAsync(database)).ShouldBeGreaterThanOrEqualTo(HourOf(cutoff));
        (await database.QueryAsync<long>($"SELECT count(*) FROM market_ticks WHERE timestamp_ms >= {cutoff}"))
            .ShouldBe(QuartersBetween(cutoff, Math.Min(_now, newest)) + (newestHours > 0 ? 1 : 0));
    }

    [Fact]
    public async Task Run_behind_another_drops_nothing_and_says_so()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await FillAsync(database, _now - (80 * HourMs), _now);
        await Retention(database, _now).EnforceAsync(Cancellation);

        var second = await Retention(database, _now).EnforceAsync(Cancellation);

        second.CutoffMs.ShouldNotBeNull();
        second.Dropped.ShouldBeEmpty();
    }

    [Fact]
    public async Task Chunk_that_somebody_reads_stays_until_the_next_run()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await FillAsync(database, _now - (80 * HourMs), _now);
        var retention = Retention(database, _now);
        RetentionResult held;
        await using (var reader = await database.Source.OpenConnectionAsync(Cancellation))
        await using (await reader.BeginTransactionAsync(Cancellation))
        {
            await using var command = new Npgsql.NpgsqlCommand(
                $"SELECT count(*) FROM market_ticks WHERE timestamp_ms < {HourOf(_now - (80 * HourMs)) + (3 * HourMs)}", reader);
            await command.ExecuteScalarAsync(Cancellation);

            held = await retention.EnforceAsync(Cancellation);
        }

        var next = await retention.EnforceAsync(Cancellation);

        held.Blocked!.Value.FromMs.ShouldBe(HourOf(_now - (80 * HourMs)));
        held.Dropped.ShouldBeEmpty();
        next.Blocked.ShouldBeNull();
        next.Dropped.Count.ShouldBeGreaterThanOrEqualTo(7);
    }

    [Fact]
    public async Task Drops_while_ticks_are_stored_and_no_young_tick_goes()
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
                    // By turns into chunks that go and into those that stay.
                    var first = _now - (record % 2 == 0 ? HourMs : (74 + (record % 16)) * HourMs);
                    await store.StoreAsync(
                        TestRecords.Partition(), [TestRecords.Quotes(record, 3, first, record * 10, (record * 10) + 1)], TestRecords.NoneRefused, Cancellation);
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
        (await database.QueryAsync<long>($"SELECT count(*) FROM market_ticks WHERE timestamp_ms >= {last.CutoffMs} AND tick_hash <> timestamp_ms"))
            .ShouldBe(records);
    }

    [Fact]
    public async Task Empty_table_and_no_window_drop_nothing()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var empty = await Retention(database, _now).EnforceAsync(Cancellation);
        await FillAsync(database, _now - (80 * HourMs), _now);

        var off = await Retention(database, _now, window: null).EnforceAsync(Cancellation);

        (empty.CutoffMs, empty.Dropped.Count).ShouldBe((null, 0));
        (off.CutoffMs, off.Dropped.Count).ShouldBe((null, 0));
        (await OldestAsync(database)).ShouldBe(_now - (80 * HourMs));
    }

    public void Dispose() => _services.Dispose();

    /// <summary>A tick each quarter of an hour.</summary>
    private static Task FillAsync(TestDatabase database, long fromMs, long toMs) => database.ExecuteAsync(
        $"""
        INSERT INTO market_ticks (symbol, timestamp_ms, market, kind, source, tick_hash, received_ms)
        SELECT 'EURUSD', t, 'forex', 'quote', 'live', t, t FROM generate_series({fromMs}, {toMs}, {HourMs / 4}) t ON CONFLICT DO NOTHING
        """);

    private static Task<long> OldestAsync(TestDatabase database) => database.QueryAsync<long>("SELECT min(timestamp_ms) FROM market_ticks");

    private static long HourOf(long ms) => ms / HourMs * HourMs;

    private static IEnumerable<long> HoursFrom(long firstMs, long cutoffMs)
    {
        for (var hour = HourOf(firstMs); hour + HourMs <= cutoffMs; hour += HourMs)
        {
            yield return hour;
        }
    }

    /// <summary>Ticks of <see cref="FillAsync"/> at or behind a time; they began 90 hours before now.</summary>
    private long QuartersBetween(long fromMs, long toMs)
    {
        var first = _now - (90 * HourMs);
        var before = (fromMs - first + (HourMs / 4) - 1) / (HourMs / 4);
        return ((toMs - first) / (HourMs / 4)) + 1 - before;
    }

    private TickRetention Retention(TestDatabase database, long ownMs) => Retention(database, ownMs, TimeSpan.FromDays(3));

    private TickRetention Retention(TestDatabase database, long ownMs, TimeSpan? window)
    {
        var time = new FixedTime(DateTimeOffset.FromUnixTimeMilliseconds(ownMs));
        var metrics = new TimescaleMetrics(_services.GetRequiredService<IMeterFactory>(), time);
        return new TickRetention(
            database.Source, new SettableOptions(new TimescaleOptions { RetentionWindow = window }), metrics, time, NullLogger<TickRetention>.Instance);
    }
}
