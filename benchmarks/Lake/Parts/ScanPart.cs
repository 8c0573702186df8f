using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using CloudTicks.Benchmarks.Comparing.Feed;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Benchmarks.Writing;
using CloudTicks.Ticks;

namespace CloudTicks.Benchmarks.Lake.Parts;

/// <summary>Measures a query for the VWAP of each symbol over all trades, compared with the same query in TimescaleDB.</summary>
internal static class ScanPart
{
    private const string Query =
        "SELECT sum(vwap) FROM (SELECT symbol, sum(price * size) / sum(size) AS vwap FROM $from GROUP BY symbol) AS v";

    private const string Other = "TimescaleDB, the same rows";

    private static readonly TimeSpan Length = TimeSpan.FromHours(6.5);

    public static async IAsyncEnumerable<LakeFigure> RunAsync(
        int count, int rounds, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var startMs = new DateTimeOffset(2026, 11, 20, 14, 30, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        var records = new SyntheticRecords(Market.Stock, SyntheticTicks.StockNames, count, startMs, (long)Length.TotalMilliseconds)
        {
            QuotesPerTrade = 0,
        };
        using var lake = new WrittenLake();
        var rows = await lake.WriteAsync(records.Make(), merges: true, cancellationToken);
        await using var database = await BenchmarkDatabase.StartAsync(StoredTicks.Settings, cancellationToken);
        var stored = await StoredTicks.StoreAsync(database, records.Make(), cancellationToken);
        await database.ExecuteAsync("VACUUM ANALYZE market_ticks", cancellationToken);
        var (ours, theirs) = (new List<Scan>(), new List<Scan>());
        for (var round = -1; round < rounds; round++)
        {
            var (our, their) = (await OursAsync(lake, cancellationToken), await TheirsAsync(database, cancellationToken));
            if (rows != stored || Math.Abs(our.Sum - their.Sum) > 1e-9 * Math.Abs(their.Sum))
            {
                throw new BenchmarkException(
                    $"The lake has {rows} ticks and a VWAP sum of {our.Sum}, but the table has {stored} and {their.Sum}.");
            }

            if (round >= 0)
            {
                ours.Add(our);
                theirs.Add(their);
            }
        }

        var what = string.Create(CultureInfo.InvariantCulture, $"VWAP by symbol of {rows:N0} trades");
        yield return new LakeFigure(
            what, "ms", Median.Of(ours.ConvertAll(scan => scan.Ms)), Other, Median.Of(theirs.ConvertAll(scan => scan.Ms)), "20 times");
        yield return new LakeFigure(
            $"{what}, processor time", "ms", Median.Of(ours.ConvertAll(scan => scan.ProcessorMs)), Other,
            Median.Of(theirs.ConvertAll(scan => scan.ProcessorMs)), "");
    }

    private static async Task<Scan> OursAsync(WrittenLake lake, CancellationToken cancellationToken)
    {
        using var session = await lake.OpenAsync(cancellationToken);
        var (started, processor) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var sum = WrittenLake.Number(session, QueryOf("trades"), cancellationToken);
        return new Scan(sum, started, (Environment.CpuUsage.TotalTime - processor).TotalMilliseconds);
    }

    private static async Task<Scan> TheirsAsync(BenchmarkDatabase database, CancellationToken cancellationToken)
    {
        var (started, processor) = (Stopwatch.GetTimestamp(), database.ProcessorSeconds);
        var sum = await database.NumberAsync(QueryOf("market_ticks WHERE kind = 'trade'"), cancellationToken);
        return new Scan(sum, started, (database.ProcessorSeconds - processor) * 1_000);
    }

    private static string QueryOf(string from) => Query.Replace("$from", from, StringComparison.Ordinal);

    private readonly record struct Scan(double Sum, double Ms, double ProcessorMs)
    {
        public Scan(double sum, long started, double processorMs)
            : this(sum, Stopwatch.GetElapsedTime(started).TotalMilliseconds, processorMs)
        {
        }
    }
}
