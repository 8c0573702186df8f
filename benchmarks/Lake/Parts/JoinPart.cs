using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using CloudTicks.Benchmarks.Comparing.Feed;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Ticks;

namespace CloudTicks.Benchmarks.Lake.Parts;

/// <summary>Measures the join of each trade of a synthetic day of SPY with the newest quote at its time.</summary>
internal static class JoinPart
{
    private const int Quotes = 3;
    private const int Ticks = 2_400_000;

    public static async IAsyncEnumerable<LakeFigure> RunAsync(int rounds, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var start = new DateTimeOffset(2026, 11, 20, 14, 30, 0, TimeSpan.Zero);
        var records = new SyntheticRecords(
            Market.Stock, ["SPY"], Ticks, start.ToUnixTimeMilliseconds(), (long)TimeSpan.FromHours(6.5).TotalMilliseconds)
        {
            QuotesPerTrade = Quotes,
        };
        using var lake = new WrittenLake();
        await lake.WriteAsync(records.Make(), merges: true, cancellationToken);
        using var session = await lake.OpenAsync(cancellationToken);
        var times = new List<double>();
        for (var round = -1; round < rounds; round++)
        {
            var started = Stopwatch.GetTimestamp();
            var joinedTrades = WrittenLake.Number(
                session, "SELECT count(mid)::DOUBLE FROM trades_with_quotes('SPY', '2026-11-20', '2026-11-21')", cancellationToken);
            var took = Stopwatch.GetElapsedTime(started).TotalSeconds;
            if (joinedTrades != Ticks / (Quotes + 1))
            {
                throw new BenchmarkException(string.Create(
                    CultureInfo.InvariantCulture, $"{joinedTrades} trades have a quote, instead of {Ticks / (Quotes + 1)}."));
            }

            if (round >= 0)
            {
                times.Add(took);
            }
        }

        yield return new LakeFigure(
            string.Create(
                CultureInfo.InvariantCulture,
                $"ASOF join of {Ticks / (Quotes + 1):N0} trades of SPY with {Ticks / (Quotes + 1) * Quotes:N0} quotes"),
            "s", Median.Of(times), "", null, "under 1");
    }
}
