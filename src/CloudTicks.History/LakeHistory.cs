using System.Text;
using CloudTicks.Lake.Reading;
using CloudTicks.Ticks;
using CloudTicks.Timescale.Queries;

namespace CloudTicks.History;

/// <summary>The history from the lake alone. Its ticks equal those of the table, field by field.</summary>
internal sealed class LakeHistory(LakeReader lake) : ITickHistory
{
    private static readonly Dictionary<TickSource, string> Sources =
        Enum.GetValues<TickSource>().ToDictionary(source => source, source => Encoding.UTF8.GetString(source.Utf8Name()));

    public async Task<HistoryPage> OpenAsync(Symbol symbol, TickRange range, CancellationToken cancellationToken) =>
        new(await ReadAsync(symbol, range, cancellationToken), null, range.Limit);

    public async Task<List<MarketTick>> ReadAsync(Symbol symbol, TickRange range, CancellationToken cancellationToken)
    {
        var ticks = new List<MarketTick>();
        bool Visit(scoped in Tick tick, TickSource source, ulong identity)
        {
            var row = Row(tick, source, identity);
            if (!range.WithoutCrossed || row is not { Bid: { } bid, Ask: { } ask } || !(bid > ask && ask > 0))
            {
                ticks.Add(row);
            }

            return ticks.Count < range.Limit;
        }

        var lakeRange = new LakeTickRange
        {
            Market = symbol.Market,
            Symbols = [symbol],
            Kind = range.Kind,
            FromMs = Math.Max(range.FromMs ?? 0, range.BeginMs),
            ToMs = range.ToMs,
            IsBackward = range.IsLatest,
            After = range.After is { } after ? new LakeTickCursor(after.TimestampMs, after.Sequence, after.Identity) : null,
            BatchRows = range.Limit,
        };
        await lake.ReadAsync(lakeRange, Visit, cancellationToken);
        if (range.IsLatest)
        {
            ticks.Reverse();
        }

        return ticks;
    }

    public async Task<IReadOnlyList<Candle>> ReadCandlesAsync(CandleRange range, CancellationToken cancellationToken)
    {
        var candles = await lake.ReadCandlesAsync(
            new LakeCandleRange(range.Symbol, range.Price, range.LengthMs, range.FromMs, range.ToMs, range.WithoutCrossed),
            cancellationToken);
        return [.. candles.Select(candle => new Candle(
            candle.TimestampMs, candle.Open, candle.High, candle.Low, candle.Close, candle.Volume, candle.Count, candle.Spread).Rounded())];
    }

    public async Task<long?> ReadStartAsync(long? neededMs, CancellationToken cancellationToken) =>
        (await lake.ExtentAsync(cancellationToken)).FirstMs;

    /// <summary>Converts a tick to the row that <c>CopyRows</c> would write into the table.</summary>
    private static MarketTick Row(scoped in Tick tick, TickSource source, ulong identity) => new()
    {
        Symbol = tick.Symbol.Name,
        TimestampMs = tick.TimestampMs,
        Kind = tick.Kind.Name(),
        Source = Sources[source],
        Bid = tick.Has(TickFields.Bid) ? tick.Bid.ToDouble() : null,
        Ask = tick.Has(TickFields.Ask) ? tick.Ask.ToDouble() : null,
        BidSize = tick.Has(TickFields.BidSize) ? tick.BidSize.ToDouble() : null,
        AskSize = tick.Has(TickFields.AskSize) ? tick.AskSize.ToDouble() : null,
        Price = tick.Has(TickFields.Price) ? tick.Price.ToDouble() : null,
        Size = tick.Has(TickFields.Size) ? tick.Size.ToDouble() : null,
        Exchange = Exchange(tick),
        Conditions = tick.Has(TickFields.Conditions) ? Conditions(tick.Conditions) : null,
        Sequence = tick.Has(TickFields.Sequence) ? tick.Sequence : null,
        TradeId = tick.Has(TickFields.TradeId) ? Encoding.UTF8.GetString(tick.TradeId) : null,
        Identity = identity,
        ReceivedMs = tick.ReceivedMs,
    };

    private static short? Exchange(scoped in Tick tick)
    {
        var exchange = tick.Has(TickFields.Exchange) ? tick.Exchange
            : tick.Has(TickFields.BidExchange) ? tick.BidExchange
            : tick.Has(TickFields.AskExchange) ? tick.AskExchange
            : int.MinValue;
        return exchange == (short)exchange ? (short)exchange : null;
    }

    private static List<short> Conditions(ReadOnlySpan<int> conditions)
    {
        var codes = new List<short>(conditions.Length);
        foreach (var condition in conditions)
        {
            if (condition == (short)condition)
            {
                codes.Add((short)condition);
            }
        }

        return codes;
    }
}
