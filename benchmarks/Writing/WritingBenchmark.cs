using System.Globalization;
using System.Runtime.CompilerServices;
using CloudTicks.Benchmarks.Comparing.Feed;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Timescale;
using static System.FormattableString;

namespace CloudTicks.Benchmarks.Writing;

/// <summary>Compares our writer of the table with psql.</summary>
internal static class WritingBenchmark
{
    private const string Copy = "psql \\copy of a binary file";
    private const string Staged = "psql, INSERT ... ON CONFLICT";
    private const int TicksPerRecord = 1_000;

    /// <summary>One tick in a hundred is repeated, selected by its hash, so that SQL can select the same ones.</summary>
    private const int RepeatedModulus = 100;

    private static readonly Dictionary<string, string?> Settings = new()
    {
        // No retention, because recorded ticks are years old.
        [nameof(TimescaleOptions.RetentionWindow)] = "",
    };

    public static async IAsyncEnumerable<ComparisonResult> RunAsync(
        TickFrames frames, int rounds, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var database = await BenchmarkDatabase.StartAsync(Settings, cancellationToken);
        var records = TickRecords.Pack(frames, TicksPerRecord);
        await using var uniqueSide = new TickStoreSide(database, records, writers: 1);
        await using var systemSide = new TickStoreSide(database, records);
        var rows = await uniqueSide.StoreAsync(cancellationToken);
        var expected = await database.DigestAsync(cancellationToken);
        await database.Psql.ExportAsync("once", "SELECT {0} FROM market_ticks", cancellationToken);
        var repeatsSql = string.Create(CultureInfo.InvariantCulture, $"CASE WHEN tick_hash % {RepeatedModulus} = 0 THEN 2 ELSE 1 END");
        await database.Psql.ExportAsync("twice", $"SELECT {{0}} FROM market_ticks, generate_series(1, {repeatsSql})", cancellationToken);
        await using var repeatedSide = new TickStoreSide(
            database, TickRecords.Pack(frames, TicksPerRecord, hash => (long)hash % RepeatedModulus == 0), writers: 1);

        var copy = new Side(Copy, token => database.Psql.CopyAsync("once", rows, token));
        await CompareAsync(copy);
        await CompareAsync(new Side("ours", uniqueSide.RunAsync));
        yield return await new Comparison(
            Invariant($"writing {rows:N0} different ticks"),
            [new Side("ours, TickStore with its offsets", uniqueSide.RunAsync), copy],
            [new Target(Copy, 0.8, 0.95)]).RunAsync(rounds, SameRows(uniqueSide), cancellationToken);

        await CompareAsync(new Side("ours", systemSide.RunAsync));
        yield return await new Comparison(
            Invariant($"the same over two connections, like a running system"),
            [new Side("ours, TickStore with its offsets", systemSide.RunAsync), copy],
            [new Target(Copy, 0.8, 0.95)]).RunAsync(rounds, SameRows(systemSide), cancellationToken);

        var staged = new Side(Staged, token => database.Psql.StageAsync("twice", repeatedSide.Ticks, token));
        await CompareAsync(staged);
        await CompareAsync(new Side("ours", repeatedSide.RunAsync));
        yield return await new Comparison(
            Invariant($"writing {repeatedSide.Ticks:N0} ticks, 1 % repeats"),
            [new Side("ours, TickStore with its offsets", repeatedSide.RunAsync), staged],
            [new Target(Staged, 1.3, 2)]).RunAsync(rounds, SameRows(repeatedSide), cancellationToken);

        async Task CompareAsync(Side side)
        {
            await side.RunAsync(cancellationToken);
            var actual = await database.DigestAsync(cancellationToken);
            if (actual != expected)
            {
                throw new BenchmarkException($"{side.Name}: the rows differ from those of the first side: {actual} instead of {expected}.");
            }
        }

        string SameRows(TickStoreSide ours) =>
            $"every side wrote the same rows: count and sum of hashes {expected}; ours "
                + $"allocated {ours.AllocatedBytes:N0} bytes, {(double)ours.AllocatedBytes / ours.Ticks:0.00} a tick";
    }
}
