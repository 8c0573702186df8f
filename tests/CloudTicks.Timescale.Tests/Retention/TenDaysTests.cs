using System.Diagnostics.Metrics;
using CloudTicks.TestServices;
using CloudTicks.Timescale.Retention;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.Timescale.Tests.Retention;

/// <summary>Ten days of a feed with retention, with simulated clocks, while two partitions are stored continuously.</summary>
public sealed class TenDaysTests(PostgresFixture postgres) : IDisposable
{
    private const long HourMs = 3_600_000;
    private const long DayMs = 24 * HourMs;
    private const int Seed = 20261120;

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly SimulatedClock _ownClock = new();
    private readonly SettableOptions _options = new(
        new TimescaleOptions { RetentionWindow = TimeSpan.FromDays(3), BatchInterval = TimeSpan.Zero });

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private long WindowMs => (long)_options.CurrentValue.RetentionWindow!.Value.TotalMilliseconds;

    [Fact]
    public async Task Each_run_keeps_the_window_and_drops_older_chunks()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        // The server does not crash in this test, so commits need not wait for the disk.
        await database.ExecuteAsync(
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database()); END $$");
        database.Sources.Renew();
        var metrics = new TimescaleMetrics(_services.GetRequiredService<IMeterFactory>(), _ownClock);
        var retention = new TableRetention(database.Sources.Owner, _options, metrics, _ownClock,
            NullLogger<TableRetention>.Instance)
        { ChunkLockTimeout = TimeSpan.FromMinutes(1) };
        // The clock of the database cannot be set; it is always ahead of the simulated clocks.
        var first = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - (11 * DayMs);
        _ownClock.NowMs = first;
        var (floor, dropped, storedMeanwhile, random) = (0L, 0, 0, new Random(Seed));
        await using (var feed = new SimulatedFeed(
            database.Store(_options, _ownClock), _ownClock, first, () => WindowMs, Seed, Cancellation))
        {
            for (var now = first; now < first + (10 * DayMs); now += random.NextInt64(2 * HourMs, 9 * HourMs))
            {
                var day = (int)((now - first) / DayMs);
                await feed.AdvanceAsync(now, now + Skew(day), () => SetWindow(day));
                var storedBefore = feed.StoredRecords;

                var result = await retention.EnforceAsync(Cancellation);
                storedMeanwhile += feed.StoredRecords - storedBefore;

                (result.Problem, result.Blocked, result.Remaining.Count, result.Lost.Count).ShouldBe((null, null, 0, 0));
                result.CutoffMs.ShouldBe(Math.Min(now, _ownClock.NowMs) - WindowMs);
                (floor, dropped) = (Math.Max(floor, result.CutoffMs!.Value), dropped + result.Dropped.Count);
                await feed.CheckAsync();
                await feed.RunBetweenRecordsAsync(() => CheckAsync(database, feed, floor, result.CutoffMs.Value));
            }

            storedMeanwhile.ShouldBeGreaterThan(20);
            feed.Expired.ShouldBeGreaterThan(20);
            dropped.ShouldBeGreaterThanOrEqualTo((int)(7 * DayMs / HourMs));
        }
    }

    public void Dispose() => _services.Dispose();

    /// <summary>
    /// Checks that the table has every tick since <paramref name="floor"/>, the latest cutoff so far, and no tick that is more than a chunk
    /// older than <paramref name="cutoff"/>, the current cutoff.
    /// </summary>
    private static async Task CheckAsync(TestDatabase database, SimulatedFeed feed, long floor, long cutoff)
    {
        (await database.QueryAsync<long>("SELECT min(timestamp_ms) FROM market_ticks")).ShouldBeGreaterThan(cutoff - HourMs);
        var sent = feed.SentSince(floor);
        (await database.QueryAsync<string>(
            $"SELECT count(*) || ' ' || sum(timestamp_ms) || ' ' || sum(round(bid * 100000) - 100000) FROM market_ticks WHERE timestamp_ms "
                + $">= {floor}"))
            .ShouldBe($"{sent.Count} {sent.Sum(tick => tick.TimestampMs)} {sent.Sum(tick => (long)tick.Number)}");
    }

    /// <summary>
    /// Returns the offset of the program's clock in ms: minus eight hours on the fifth day, plus two days on the sixth and ninth day.
    /// </summary>
    private static long Skew(int day) => day switch
    {
        4 => -8 * HourMs,
        5 or 8 => 2 * DayMs,
        _ => 0,
    };

    /// <summary>Sets the retention window: two days on the seventh and eighth day, otherwise three days.</summary>
    private void SetWindow(int day) =>
        _options.CurrentValue = _options.CurrentValue with { RetentionWindow = TimeSpan.FromDays(day is 6 or 7 ? 2 : 3) };
}
