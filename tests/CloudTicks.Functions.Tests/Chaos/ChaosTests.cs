using System.Globalization;
using CloudTicks.EventStream.Records;
using CloudTicks.TestServices;
using Npgsql;

namespace CloudTicks.Functions.Tests.Chaos;

/// <summary>
/// Tests that every tick is stored exactly once. <c>CLOUDTICKS_CHAOS_ROUNDS</c> is the number of rounds, 3 by default, and
/// <c>CLOUDTICKS_CHAOS_SEED</c> their random seed, 7 by default. The feed and the killed processes depend on the seed only; the times of
/// the kills vary a little.
/// </summary>
public class ChaosTests
{
    private const int Partitions = 4;
    private const int TicksOfRound = 600;

    private static readonly int Rounds = Setting("CLOUDTICKS_CHAOS_ROUNDS", 3);
    private static readonly int Seed = Setting("CLOUDTICKS_CHAOS_SEED", 7);

    private readonly Random _random = new(Seed);
    private readonly Dictionary<int, long> _compared = Enumerable.Range(0, Partitions).ToDictionary(partition => partition, _ => 0L);
    private readonly Dictionary<(long TimestampMs, ulong Hash), string> _expected = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Table_equals_the_distinct_ticks_of_the_archive()
    {
        await using var postgres = await OwnPostgres.StartAsync(null, Cancellation);
        var connectionString = await postgres.Server.CreateDatabaseAsync("ticks", Cancellation);
        await using var system = await TestSystem.StartAsync(connectionString);
        await using var database = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "test", Pooling = false });
        var kills = new RandomKills(system, postgres);
        await (await kills.StartWriterAsync()).UntilHealthAsync(200);
        ChaosFeed[] feeds = [.. Enumerable.Range(0, Partitions).Select(partition => new ChaosFeed(partition, Seed + partition))];
        var firstMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - (long)TimeSpan.FromHours(2).TotalMilliseconds;

        for (var round = 0; round < Rounds; round++)
        {
            var fromMs = firstMs + (round * TicksOfRound);
            var progress = new Progress();
            var killing = kills.KillSomeAsync(_random, progress.UntilAsync);
            await Task.WhenAll(
                feeds.Select((feed, partition) => ProduceAsync(system, partition, feed.Next(fromMs, TicksOfRound), progress)));
            await killing;

            await CompareAsync(system, database, fromMs, round);
        }

        (await CountAsync(database, "SELECT count(*) FROM market_ticks")).ShouldBe((long)Rounds * TicksOfRound * Partitions);
        (await system.DeadLettersAsync()).ShouldBeEmpty();
        TestContext.Current.SendDiagnosticMessage($"{Rounds} rounds, {kills.Kills} kills, {_expected.Count:N0} rows");
    }

    private static async Task ProduceAsync(TestSystem system, int partition, IReadOnlyList<byte[]> records, Progress progress)
    {
        for (var record = 0; record < records.Count; record++)
        {
            progress.Reached((double)record / records.Count);
            await system.ProduceAsync(partition, records[record]);
        }

        progress.Reached(1);
    }

    /// <summary>
    /// Waits until the archive is stored, and compares the rows of the round with it. Rows of earlier rounds must not have changed either.
    /// </summary>
    private async Task CompareAsync(TestSystem system, NpgsqlDataSource database, long fromMs, int round)
    {
        var ends = await system.ArchiveEndsAsync(Partitions);
        var archivedRecords = ends.Values.Sum();
        while (await CountAsync(
            database, "SELECT coalesce(sum(next_offset), 0)::bigint FROM stream_offsets WHERE consumer = 'timescale'") < archivedRecords)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancellation);
        }

        await foreach (var record in system.ArchiveAsync([.. ends.Select(one => new OffsetRange(one.Key, _compared[one.Key], one.Value))]))
        {
            TickRows.Add(_expected, record);
        }

        foreach (var (partition, high) in ends)
        {
            _compared[partition] = high;
        }

        var toMs = fromMs + TicksOfRound;
        var rows = await TickRows.ReadAsync(database, fromMs, toMs, Cancellation);
        rows.Order(StringComparer.Ordinal).ShouldBe(
            _expected.Where(row => row.Key.TimestampMs >= fromMs && row.Key.TimestampMs < toMs).Select(row => row.Value)
                .Order(StringComparer.Ordinal),
            $"round {round} of seed {Seed}");
        (await CountAsync(database, "SELECT count(*) FROM market_ticks")).ShouldBe(_expected.Count, $"round {round} of seed {Seed}");
    }

    private static async Task<long> CountAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    private static int Setting(string name, int defaultValue) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? int.Parse(value, CultureInfo.InvariantCulture) : defaultValue;
}
