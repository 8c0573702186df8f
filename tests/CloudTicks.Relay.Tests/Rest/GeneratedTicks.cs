using CloudTicks.Ticks;
using CloudTicks.Ticks.Identity;

namespace CloudTicks.Relay.Tests.Rest;

/// <summary>Generates ticks of one symbol and kind from a seed. Many share a millisecond, as with currencies.</summary>
internal sealed class GeneratedTicks(string name, TickKind kind, int seed)
{
    private static readonly int[] Conditions = [12, 37];

    private readonly Random _random = new(seed);
    private int _nextNumber;

    public Symbol Symbol { get; } = HistoryFixture.SymbolOf(name);

    /// <summary>The time and identity of each tick that REST must return.</summary>
    public List<(long Ms, ulong Identity)> Expected { get; } = [];

    public string Path => $"/v3/{(kind == TickKind.Quote ? "quotes" : "trades")}/{Ticker}";

    public string Ticker => Symbol.Market switch
    {
        Market.Forex => $"C:{Symbol.Name[..3]}-{Symbol.Name[3..]}",
        Market.Crypto => $"X:{Symbol.Name}",
        _ => Symbol.Name,
    };

    /// <summary>
    /// Writes records with ticks from <paramref name="fromMs"/> (inclusive) to <paramref name="toMs"/> (exclusive); some of the ticks are
    /// written twice.
    /// </summary>
    public async Task WriteAsync(HistoryFixture history, long fromMs, long toMs, int count, bool toTable)
    {
        var times = Enumerable.Range(0, count).Select(_ => RoundDown(_random.NextInt64(fromMs, toMs))).Order().ToList();
        while (times.Count > 0)
        {
            var timesOfRecord = times.Take(_random.Next(1, 150)).ToList();
            times.RemoveRange(0, timesOfRecord.Count);
            var (seedOfRecord, firstNumber) = (_random.Next(), _nextNumber);
            await WriteAsync(history, timesOfRecord, seedOfRecord, firstNumber, toTable, isRepeat: false);
            if (_random.Next(4) == 0)
            {
                await WriteAsync(history, timesOfRecord, seedOfRecord, firstNumber, toTable, isRepeat: true);
            }
        }

        // On average, four ticks have the same ms.
        long RoundDown(long ms) => ms - ((ms - fromMs) % Math.Max(1, (toMs - fromMs) * 4 / count));
    }

    /// <summary>Writes a single tick.</summary>
    public Task WriteOneAsync(HistoryFixture history, long ms, bool toTable = true) =>
        WriteAsync(history, [ms], _random.Next(), _nextNumber, toTable, isRepeat: false);

    private Task WriteAsync(HistoryFixture history, List<long> times, int seedOfRecord, int firstNumber, bool toTable, bool isRepeat)
    {
        var random = new Random(seedOfRecord);
        return history.WriteAsync(
            Symbol,
            builder =>
            {
                for (var index = 0; index < times.Count; index++)
                {
                    var tick = TickOf(random, firstNumber + index, times[index], isRepeat ? 60_000 : 5);
                    builder.Add(tick);
                    if (!isRepeat)
                    {
                        Expected.Add((times[index], TickIdentity.Of(tick)));
                        _nextNumber++;
                    }
                }
            },
            times[^1] + (isRepeat ? 60_000 : 10), toTable, isRepeat ? TickSource.Backfill : TickSource.Live);
    }

    private Tick TickOf(Random random, int number, long ms, int delayMs)
    {
        // The number makes each tick distinct.
        var price = Price.Create(110_000_000 + (number * 10L) + random.Next(10), 7);
        var tick = new Tick { Symbol = Symbol, Kind = kind, TimestampMs = ms, ReceivedMs = ms + delayMs + number };
        if (kind == TickKind.Trade)
        {
            tick.Price = price;
            tick.Size = Price.Create(1 + random.Next(10_000), 2);
            tick.Exchange = 1 + random.Next(20);
            tick.TradeId = "52983525"u8;
            tick.Conditions = Conditions;
            tick.Fields = TickFields.Price | TickFields.Size | TickFields.Exchange | TickFields.TradeId | TickFields.Conditions;
        }
        else
        {
            tick.Bid = price;
            tick.Ask = Price.Create(110_000_300 + (number * 10L), 7);
            tick.Fields = TickFields.Bid | TickFields.Ask;
        }

        if (Symbol.Market is Market.Stock or Market.Option)
        {
            tick.Sequence = number + 1;
            tick.Fields |= TickFields.Sequence;
            if (kind == TickKind.Quote)
            {
                tick.BidExchange = random.Next(20);
                tick.AskExchange = random.Next(20) + (Symbol.Market == Market.Option ? 300 : 0);
                tick.BidSize = Price.Create(random.Next(100), 0);
                tick.Fields |= TickFields.BidSize | (tick.BidExchange > 0 ? TickFields.BidExchange : TickFields.None)
                    | (tick.AskExchange > 0 ? TickFields.AskExchange : TickFields.None);
            }
        }
        else if (kind == TickKind.Quote)
        {
            tick.Exchange = 48;
            tick.Fields |= TickFields.Exchange;
        }

        return tick;
    }
}
