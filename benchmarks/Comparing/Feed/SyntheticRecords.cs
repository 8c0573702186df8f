using CloudTicks.Simulator.Channels;
using CloudTicks.Simulator.Synthetic;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;

namespace CloudTicks.Benchmarks.Comparing.Feed;

/// <summary>
/// The simulator's random walks as archive records. They are generated lazily, so that they need not fit into memory.
/// </summary>
/// <param name="names">The symbols, all of one market, which tick in turn.</param>
/// <param name="count">The number of ticks.</param>
/// <param name="startMs">The time of the first tick, Unix ms.</param>
/// <param name="lengthMs">The time from the first to the last tick.</param>
public sealed class SyntheticRecords(Market market, IReadOnlyList<string> names, long count, long startMs, long lengthMs)
{
    private const int Partitions = 32;

    /// <summary>The number of quotes before each trade of a stock; 0 for only trades. Symbols of other markets have no trades.</summary>
    public int QuotesPerTrade { get; init; } = 4;

    /// <summary>The maximum number of ticks per record.</summary>
    public int TicksPerRecord { get; init; } = 1_000;

    /// <summary>Generates the records.</summary>
    /// <returns>The records with their partitions, in order within each partition.</returns>
    public IEnumerable<(int Partition, ReadOnlyMemory<byte> Value)> Make()
    {
        var (quotes, trades) = (new List<SyntheticChannel>(), new List<SyntheticChannel>());
        foreach (var name in names)
        {
            var symbol = Symbol.TryParse(market, name, out var known) ? known : throw new ArgumentException($"{name} is not a symbol.");
            var walk = new PriceWalk(Instrument.Of(symbol), Instrument.StableHash(symbol));
            quotes.Add(new SyntheticChannel(new SimulatedChannel(symbol, TickKind.Quote), walk));
            trades.Add(new SyntheticChannel(new SimulatedChannel(symbol, TickKind.Trade), walk));
        }

        var batches = Enumerable.Range(0, Partitions).Select(partition => new TickBatchBuilder(partition, TickSource.Live)).ToList();
        for (var index = 0L; index < count; index++)
        {
            var isTrade = market == Market.Stock && index / names.Count % (QuotesPerTrade + 1) == QuotesPerTrade;
            var channel = (isTrade ? trades : quotes)[(int)(index % names.Count)];
            var partition = channel.Channel.Symbol.PartitionOf(Partitions);
            var batch = batches[partition];
            Add(channel, startMs + (long)((double)lengthMs * index / count), batch);
            if (batch.Count == TicksPerRecord || !batch.HasRoom)
            {
                yield return (partition, batch.ToRecord());
                batch.Clear();
            }
        }

        for (var partition = 0; partition < Partitions; partition++)
        {
            if (batches[partition].Count > 0)
            {
                yield return (partition, batches[partition].ToRecord());
            }
        }
    }

    private static void Add(SyntheticChannel channel, long ms, TickBatchBuilder batch)
    {
        Tick tick = default;
        channel.Make(ms, ref tick);
        tick.ReceivedMs = ms + TickTransit.MsOf(tick);
        batch.Add(tick);
    }
}
