using System.Globalization;
using System.Text;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;

namespace CloudTicks.Functions.Tests.Querying;

/// <summary>
/// Creates records as collectors do: quotes and trades of several markets, many in one millisecond, some late, some archived twice, some
/// crossed, some without optional fields.
/// </summary>
internal sealed class RandomHistory(int seed)
{
    public const int Partitions = 32;

    private static readonly int[] Conditions = [12, 37];

    private readonly Random _random = new(seed);
    private long _number;

    public static IReadOnlyList<string> Symbols { get; } = ["EURUSD", "AAPL", "X:BTC-USD", "BRK.A"];

    /// <summary>Returns the records in the order of the archive.</summary>
    public IEnumerable<(int Partition, byte[] Value)> Records(long fromMs, long toMs)
    {
        foreach (var name in Symbols)
        {
            _ = Symbol.TryParse(name, out var symbol);
            var partition = symbol!.PartitionOf(Partitions);
            for (var at = fromMs; at < toMs;)
            {
                var isQuiet = name == "BRK.A";
                var builder = new TickBatchBuilder(partition, _random.Next(5) == 0 ? TickSource.Backfill : TickSource.Live);
                var count = _random.Next(1, isQuiet ? 4 : 120);
                for (var index = 0; index < count && at < toMs; index++)
                {
                    var isLate = _random.Next(40) == 0;
                    var tick = Next(symbol, isLate ? Math.Max(fromMs, at - _random.Next(5_400_000)) : at);
                    builder.Add(tick);
                    at += _random.Next(3) == 0 ? _random.Next(isQuiet ? 900_000 : 9_000) : 0;
                }

                var value = builder.ToRecord();
                yield return (partition, value);
                if (_random.Next(6) == 0)
                {
                    yield return (partition, value); // sent again, as after a killed producer
                }
            }
        }
    }

    private Tick Next(Symbol symbol, long ms)
    {
        var number = ++_number;
        var isQuote = symbol.Market == Market.Forex || (symbol.Market == Market.Stock && number % 3 != 0);
        var tick = new Tick
        {
            Symbol = symbol,
            Kind = isQuote ? TickKind.Quote : TickKind.Trade,
            TimestampMs = ms,
            ReceivedMs = ms + _random.Next(200),
        };
        if (isQuote)
        {
            var bid = 104_000 + _random.Next(2_000);
            tick.Bid = Price.Create(bid, 5);
            tick.Ask = Price.Create(bid + _random.Next(-2, 12), 5);
            tick.Fields = _random.Next(50) switch { 0 => TickFields.Bid, 1 => TickFields.Ask, _ => TickFields.Bid | TickFields.Ask };
            if (symbol.Market == Market.Stock)
            {
                tick.BidExchange = _random.Next(20);
                tick.AskExchange = _random.Next(20);
                tick.BidSize = Price.Create(_random.Next(100), 0);
                tick.Fields |= TickFields.BidSize | TickFields.BidExchange | TickFields.AskExchange;
            }
        }
        else
        {
            tick.Price = Price.Create(9_876_543 + _random.Next(100_000), 4);
            tick.Size = Price.Create(1 + _random.NextInt64(1_000_000_000), 8);
            tick.TradeId = Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));
            tick.Exchange = 1 + _random.Next(20);
            tick.Conditions = _random.Next(3) == 0 ? Conditions : default;
            tick.Fields = TickFields.Price | TickFields.Size | TickFields.TradeId | TickFields.Exchange
                | (tick.Conditions.IsEmpty ? TickFields.None : TickFields.Conditions);
        }

        if (symbol.Market == Market.Stock && _random.Next(10) != 0)
        {
            tick.Sequence = number;
            tick.Fields |= TickFields.Sequence;
        }

        return tick;
    }
}
