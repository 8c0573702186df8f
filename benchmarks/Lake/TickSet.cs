using CloudTicks.Benchmarks.Comparing.Feed;
using CloudTicks.Ticks;

namespace CloudTicks.Benchmarks.Lake;

/// <summary>A set of ticks for the measurements, as records of the archive.</summary>
/// <param name="Name">The set's name in the report.</param>
/// <param name="Records">The records with their partitions.</param>
internal sealed record TickSet(string Name, IReadOnlyList<(int Partition, ReadOnlyMemory<byte> Value)> Records)
{
    private const int TicksPerRecord = 1_000;

    private static readonly (string Name, string[] Files)[] Recorded =
    [
        ("real EUR/USD quotes", ["eurusd-20140508-quotes.zip"]),
        ("real quotes of three pairs", ["eurusd-20140508-quotes.zip", "nzdusd-20140508-quotes.zip", "xauusd-20140508-quotes.zip"]),
        ("real SPY trades", ["spy-20131009-trades.zip"]),
        ("real quotes of three stocks", ["aig-20131009-quotes.zip", "bac-20131009-quotes.zip", "ibm-20131009-quotes.zip"]),
    ];

    /// <summary>The total length of the records' values, bytes.</summary>
    public long Bytes => Records.Sum(record => (long)record.Value.Length);

    /// <summary>Reads the sets from a folder of recorded ticks; without a folder, generates synthetic ones.</summary>
    public static IReadOnlyList<TickSet> Load(string folder, int syntheticCount) =>
        folder.Length > 0
            ? [.. Recorded.Select(set => Read(set.Name, [.. set.Files.Select(file => Path.Combine(folder, file))]))]
            : [Synthetic("synthetic quotes of currencies", Market.Forex, ["EURUSD", "GBPUSD", "USDJPY"], syntheticCount),
                Synthetic("synthetic ticks of stocks", Market.Stock, ["AAPL", "MSFT", "SPY", "IBM"], syntheticCount)];

    private static TickSet Read(string name, string[] files)
    {
        var frames = TickFrames.Load(files, () => SyntheticTicks.Pairs(0), int.MaxValue);
        return new TickSet(
            name, [.. TickRecords.Pack(frames, TicksPerRecord, isLate: true)
                .SelectMany(partition => partition.Values.Select(value => (partition.Partition, value)))]);
    }

    private static TickSet Synthetic(string name, Market market, string[] names, int count)
    {
        var startMs = new DateTimeOffset(2026, 11, 20, 14, 30, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        return new TickSet(name, [.. new SyntheticRecords(market, names, count, startMs, 6 * 3_600_000L).Make()]);
    }
}
