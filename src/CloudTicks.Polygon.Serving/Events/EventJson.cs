using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Serving.Events;

/// <summary>The event of a tick as Polygon sends it. Absent fields are left out.</summary>
internal static class EventJson
{
    /// <summary>Longest event: names, prices and sizes of a quote, a trade id, 64 conditions.</summary>
    public const int MaxBytes = 2048;

    private const int CurrencyCodeBytes = 3;

    /// <param name="destination">At least <see cref="MaxBytes"/> bytes.</param>
    public static int Write(scoped in Tick tick, Span<byte> destination, NumberStyle style = NumberStyle.Plain)
    {
        var writer = new EventWriter(destination, style);
        switch (tick.Symbol.Market, tick.Kind)
        {
            case (Market.Forex, TickKind.Quote):
                WritePair(ref writer, tick);
                break;
            case (Market.Crypto, TickKind.Trade):
                WriteCoinTrade(ref writer, tick);
                break;
            case (Market.Crypto, TickKind.Quote):
                WriteCoinQuote(ref writer, tick);
                break;
            case (Market.Stock or Market.Option, TickKind.Trade):
                WriteTrade(ref writer, tick);
                break;
            case (Market.Stock or Market.Option, TickKind.Quote):
                WriteQuote(ref writer, tick);
                break;
            default:
                throw new ArgumentException($"The simulator sends no {tick.Symbol.Market} {tick.Kind}.", nameof(tick));
        }

        writer.Raw("}"u8);
        return writer.Length;
    }

    private static void WritePair(scoped ref EventWriter writer, scoped in Tick tick)
    {
        // EURUSD is sent as EUR/USD, as it is named there.
        writer.Raw("{\"ev\":\"C\",\"p\":\""u8);
        writer.Raw(tick.Symbol.Utf8[..CurrencyCodeBytes]);
        writer.Raw("/"u8);
        writer.Raw(tick.Symbol.Utf8[CurrencyCodeBytes..]);
        writer.Raw("\""u8);
        writer.Number(",\"x\":"u8, tick.Exchange, tick.Has(TickFields.Exchange));
        writer.Price(",\"a\":"u8, tick.Ask, tick.Has(TickFields.Ask));
        writer.Price(",\"b\":"u8, tick.Bid, tick.Has(TickFields.Bid));
        writer.Number(",\"t\":"u8, tick.TimestampMs, true);
    }

    private static void WriteTrade(scoped ref EventWriter writer, scoped in Tick tick)
    {
        writer.Raw("{\"ev\":\"T\",\"sym\":\""u8);
        writer.Raw(tick.Symbol.Utf8);
        writer.Raw("\""u8);
        writer.Number(",\"x\":"u8, tick.Exchange, tick.Has(TickFields.Exchange));
        if (tick.Has(TickFields.TradeId))
        {
            writer.Raw(",\"i\":\""u8);
            writer.Raw(tick.TradeId);
            writer.Raw("\""u8);
        }

        writer.Number(",\"z\":"u8, tick.Tape, tick.Has(TickFields.Tape));
        writer.Price(",\"p\":"u8, tick.Price, tick.Has(TickFields.Price));
        writer.Price(",\"s\":"u8, tick.Size, tick.Has(TickFields.Size));
        WriteConditions(ref writer, tick);
        writer.Number(",\"t\":"u8, tick.TimestampMs, true);
        writer.Number(",\"q\":"u8, tick.Sequence, tick.Has(TickFields.Sequence));
    }

    private static void WriteQuote(scoped ref EventWriter writer, scoped in Tick tick)
    {
        writer.Raw("{\"ev\":\"Q\",\"sym\":\""u8);
        writer.Raw(tick.Symbol.Utf8);
        writer.Raw("\""u8);
        writer.Number(",\"bx\":"u8, tick.BidExchange, tick.Has(TickFields.BidExchange));
        writer.Price(",\"bp\":"u8, tick.Bid, tick.Has(TickFields.Bid));
        writer.Price(",\"bs\":"u8, tick.BidSize, tick.Has(TickFields.BidSize));
        writer.Number(",\"ax\":"u8, tick.AskExchange, tick.Has(TickFields.AskExchange));
        writer.Price(",\"ap\":"u8, tick.Ask, tick.Has(TickFields.Ask));
        writer.Price(",\"as\":"u8, tick.AskSize, tick.Has(TickFields.AskSize));
        // The single condition of a quote, unlike the list of a trade.
        if (tick.Has(TickFields.Conditions) && tick.Conditions.Length > 0)
            writer.Number(",\"c\":"u8, tick.Conditions[0], true);
        writer.Number(",\"t\":"u8, tick.TimestampMs, true);
        writer.Number(",\"q\":"u8, tick.Sequence, tick.Has(TickFields.Sequence));
        writer.Number(",\"z\":"u8, tick.Tape, tick.Has(TickFields.Tape));
    }

    private static void WriteCoinTrade(scoped ref EventWriter writer, scoped in Tick tick)
    {
        writer.Raw("{\"ev\":\"XT\",\"pair\":\""u8);
        writer.Raw(CoinPair(tick.Symbol));
        writer.Raw("\""u8);
        writer.Price(",\"p\":"u8, tick.Price, tick.Has(TickFields.Price));
        writer.Number(",\"t\":"u8, tick.TimestampMs, true);
        writer.Price(",\"s\":"u8, tick.Size, tick.Has(TickFields.Size));
        WriteConditions(ref writer, tick);
        if (tick.Has(TickFields.TradeId))
        {
            writer.Raw(",\"i\":\""u8);
            writer.Raw(tick.TradeId);
            writer.Raw("\""u8);
        }

        writer.Number(",\"x\":"u8, tick.Exchange, tick.Has(TickFields.Exchange));
        writer.Number(",\"r\":"u8, tick.VendorReceivedMs, tick.Has(TickFields.VendorReceivedMs));
    }

    private static void WriteCoinQuote(scoped ref EventWriter writer, scoped in Tick tick)
    {
        writer.Raw("{\"ev\":\"XQ\",\"pair\":\""u8);
        writer.Raw(CoinPair(tick.Symbol));
        writer.Raw("\""u8);
        writer.Price(",\"bp\":"u8, tick.Bid, tick.Has(TickFields.Bid));
        writer.Price(",\"bs\":"u8, tick.BidSize, tick.Has(TickFields.BidSize));
        writer.Price(",\"ap\":"u8, tick.Ask, tick.Has(TickFields.Ask));
        writer.Price(",\"as\":"u8, tick.AskSize, tick.Has(TickFields.AskSize));
        writer.Number(",\"t\":"u8, tick.TimestampMs, true);
        writer.Number(",\"x\":"u8, tick.Exchange, tick.Has(TickFields.Exchange));
        writer.Number(",\"r\":"u8, tick.VendorReceivedMs, tick.Has(TickFields.VendorReceivedMs));
    }

    private static void WriteConditions(scoped ref EventWriter writer, scoped in Tick tick)
    {
        if (!tick.Has(TickFields.Conditions))
            return;
        writer.Raw(",\"c\":["u8);
        for (var index = 0; index < tick.Conditions.Length; index++)
            writer.Number(index == 0 ? default : ","u8, tick.Conditions[index], true);
        writer.Raw("]"u8);
    }

    /// <summary>Unknown coins carry the market's prefix in their normalised name; the feed does not send it.</summary>
    private static ReadOnlySpan<byte> CoinPair(Symbol symbol) =>
        symbol.Utf8.StartsWith("X:"u8) ? symbol.Utf8["X:"u8.Length..] : symbol.Utf8;
}
