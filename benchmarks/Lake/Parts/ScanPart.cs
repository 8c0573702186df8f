using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using CloudTicks.Benchmarks.Comparing.Feed;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Benchmarks.Writing;
using CloudTicks.Ticks;

namespace CloudTicks.Benchmarks.Lake.Parts;

/// <summary>VWAP by symbol over all trades, by the queries that users write, beside the same rows in TimescaleDB.</summary>
internal static class ScanPart
{
    private const string Query =
        "SELECT sum(vwap) FROM (SELECT symbol, sum(price * size) / sum(size) AS vwap FROM $from GROUP BY symbol) AS v";

    private static readonly TimeSpan Length = TimeSpan.FromHours(6.5);

    public static async IAsyncEnumerable<LakeFigure> RunAsync(
        int count, int rounds, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var startMs = new DateTimeOffset(2026, 11, 20, 14, 30, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        var made = new SyntheticRecords(Market.Stock, SyntheticTicks.StockNames, count, startMs, (long)Length.TotalMilliseconds)
        {
            QuotesPerTrade = 0,
        };
        using var lake = new WrittenLake();
        var rows = await lake.WriteAsync(made.Make(), merges: true, cancellationToken);
        await using var database = await BenchmarkDatabase.StartAsync(StoredTicks.Settings, cancellationToken);
        var stored = await StoredTicks.StoreAsync(database, made.Make(), cancellationToken);
        await database.ExecuteAsync("VACUUM ANALYZE market_ticks", cancellationToken);
        var (ours, theirs) = (new List<double>(), new List<double>());
        for (var round = -1; round < rounds; round++)
        {
            var (our, sum) = await OursAsync(lake, cancellationToken);
            var started = Stopwatch.GetTimestamp();
            var other = await database.NumberAsync(QueryOf("market_ticks WHERE kind = 'trade'"), cancellationToken);
            var their = Stopwatch.GetElapsedTime(started).TotalSeconds;
            if (rows != stored || Math.Abs(sum - other) > 1e-9 * Math.Abs(other))
            {
                throw new BenchmarkException($"The lake has {rows} ticks of {sum}, the table {stored} of {other}.");
            }

            if (round >= 0)
            {
                ours.Add(our * 1_000);
                theirs.Add(their * 1_000);
            }
        }

        yield return new LakeFigure(
            string.Create(CultureInfo.InvariantCulture, $"VWAP by symbol of {rows:N0} trades"), "ms", Median.Of(ours),
            "TimescaleDB, the same rows", Median.Of(theirs), "20 times");
    }

    private static async Task<(double Seconds, double Sum)> OursAsync(WrittenLake lake, CancellationToken cancellationToken)
    {
        using var session = await lake.OpenAsync(cancellationToken);
        var started = Stopwatch.GetTimestamp();
        var sum = WrittenLake.Number(session, QueryOf("trades"), cancellationToken);
        return (Stopwatch.GetElapsedTime(started).TotalSeconds, sum);
    }

    private static string QueryOf(string from) => Query.Replace("$from", from, StringComparison.Ordinal);
}
