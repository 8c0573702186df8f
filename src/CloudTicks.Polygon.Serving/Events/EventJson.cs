using System.Text;
using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Serving.Events;

/// <summary>Writes a tick as the event that Polygon would send, without absent fields.</summary>
internal static class EventJson
{
    /// <summary>
    /// Maximum length of an event, in bytes: enough for a fully escaped symbol and trade id, prices, sizes, and 64 conditions.
    /// </summary>
    public const int MaxBytes = 4096;

    private const int CurrencyCodeBytes = 3;

    /// <param name="destination">The buffer, of at least <see cref="MaxBytes"/> bytes.</param>
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
                throw new ArgumentException($"Polygon has no event for a {tick.Symbol.Market} {tick.Kind}.", nameof(tick));
        }

        writer.Raw("}"u8);
        return writer.Length;
    }

    private static void WritePair(scoped ref EventWriter writer, scoped in Tick tick)
    {
        // Polygon sends EURUSD as EUR/USD.
        writer.Raw("{\"ev\":\"C\",\"p\":\""u8);
        var name = tick.Symbol.Utf8;
        if (name.Length == 2 * CurrencyCodeBytes && Ascii.IsValid(name))
        {
            writer.Escaped(name[..CurrencyCodeBytes]);
            writer.Raw("/"u8);
            name = name[CurrencyCodeBytes..];
        }

        writer.Escaped(name);
        writer.Raw("\""u8);
        writer.Number(",\"x\":"u8, tick.Exchange, tick.Has(TickFields.Exchange));
        writer.Price(",\"a\":"u8, tick.Ask, tick.Has(TickFields.Ask));
        writer.Price(",\"b\":"u8, tick.Bid, tick.Has(TickFields.Bid));
        writer.Number(",\"t\":"u8, tick.TimestampMs, true);
    }

    private static void WriteTrade(scoped ref EventWriter writer, scoped in Tick tick)
    {
        writer.Raw("{\"ev\":\"T\",\"sym\":\""u8);
        writer.Escaped(tick.Symbol.Utf8);
        writer.Raw("\""u8);
        writer.Number(",\"x\":"u8, tick.Exchange, tick.Has(TickFields.Exchange));
        if (tick.Has(TickFields.TradeId))
        {
            writer.Raw(",\"i\":\""u8);
            writer.Escaped(tick.TradeId);
            writer.Raw("\""u8);
        }

        writer.Number(",\"z\":"u8, tick.Tape, tick.Has(TickFields.Tape));
        writer.Price(",\"p\":"u8, tick.Price, tick.Has(TickFields.Price));
        WriteSize(ref writer, tick);
        WriteConditions(ref writer, tick);
        writer.Number(",\"t\":"u8, tick.TimestampMs, true);
        writer.Number(",\"pt\":"u8, tick.ParticipantMs, tick.Has(TickFields.ParticipantMs));
        writer.Number(",\"q\":"u8, tick.Sequence, tick.Has(TickFields.Sequence));
        WriteTrf(ref writer, tick);
    }

    private static void WriteQuote(scoped ref EventWriter writer, scoped in Tick tick)
    {
        writer.Raw("{\"ev\":\"Q\",\"sym\":\""u8);
        writer.Escaped(tick.Symbol.Utf8);
        writer.Raw("\""u8);
        writer.Number(",\"bx\":"u8, tick.BidExchange, tick.Has(TickFields.BidExchange));
        writer.Price(",\"bp\":"u8, tick.Bid, tick.Has(TickFields.Bid));
        writer.Price(",\"bs\":"u8, tick.BidSize, tick.Has(TickFields.BidSize));
        writer.Number(",\"ax\":"u8, tick.AskExchange, tick.Has(TickFields.AskExchange));
        writer.Price(",\"ap\":"u8, tick.Ask, tick.Has(TickFields.Ask));
        writer.Price(",\"as\":"u8, tick.AskSize, tick.Has(TickFields.AskSize));
        // A quote event has one condition; only a trade event has a list.
        if (tick.Has(TickFields.Conditions) && tick.Conditions.Length > 0)
            writer.Number(",\"c\":"u8, tick.Conditions[0], true);
        if (tick.Has(TickFields.Indicators))
            WriteList(ref writer, ",\"i\":["u8, tick.Indicators);
        writer.Number(",\"t\":"u8, tick.TimestampMs, true);
        writer.Number(",\"pt\":"u8, tick.ParticipantMs, tick.Has(TickFields.ParticipantMs));
        writer.Number(",\"q\":"u8, tick.Sequence, tick.Has(TickFields.Sequence));
        writer.Number(",\"z\":"u8, tick.Tape, tick.Has(TickFields.Tape));
        WriteTrf(ref writer, tick);
    }

    private static void WriteCoinTrade(scoped ref EventWriter writer, scoped in Tick tick)
    {
        writer.Raw("{\"ev\":\"XT\",\"pair\":\""u8);
        writer.Escaped(CoinPair(tick.Symbol));
        writer.Raw("\""u8);
        writer.Price(",\"p\":"u8, tick.Price, tick.Has(TickFields.Price));
        writer.Number(",\"t\":"u8, tick.TimestampMs, true);
        writer.Price(",\"s\":"u8, tick.Size, tick.Has(TickFields.Size));
        WriteConditions(ref writer, tick);
        if (tick.Has(TickFields.TradeId))
        {
            writer.Raw(",\"i\":\""u8);
            writer.Escaped(tick.TradeId);
            writer.Raw("\""u8);
        }

        writer.Number(",\"x\":"u8, tick.Exchange, tick.Has(TickFields.Exchange));
        writer.Number(",\"r\":"u8, tick.VendorReceivedMs, tick.Has(TickFields.VendorReceivedMs));
    }

    private static void WriteCoinQuote(scoped ref EventWriter writer, scoped in Tick tick)
    {
        writer.Raw("{\"ev\":\"XQ\",\"pair\":\""u8);
        writer.Escaped(CoinPair(tick.Symbol));
        writer.Raw("\""u8);
        writer.Price(",\"bp\":"u8, tick.Bid, tick.Has(TickFields.Bid));
        writer.Price(",\"bs\":"u8, tick.BidSize, tick.Has(TickFields.BidSize));
        writer.Price(",\"ap\":"u8, tick.Ask, tick.Has(TickFields.Ask));
        writer.Price(",\"as\":"u8, tick.AskSize, tick.Has(TickFields.AskSize));
        writer.Number(",\"t\":"u8, tick.TimestampMs, true);
        writer.Number(",\"x\":"u8, tick.Exchange, tick.Has(TickFields.Exchange));
        writer.Number(",\"r\":"u8, tick.VendorReceivedMs, tick.Has(TickFields.VendorReceivedMs));
    }

    /// <summary>Writes the size of a trade. For a fractional stock size, s is the whole part, and ds is the exact size as text.</summary>
    private static void WriteSize(scoped ref EventWriter writer, scoped in Tick tick)
    {
        if (tick.Symbol.Market != Market.Stock || tick.Size.Scale == 0)
        {
            writer.Price(",\"s\":"u8, tick.Size, tick.Has(TickFields.Size));
            return;
        }

        var whole = tick.Size.Mantissa;
        for (var digit = 0; digit < tick.Size.Scale; digit++)
            whole /= 10;
        writer.Number(",\"s\":"u8, whole, true);
        writer.Raw(",\"ds\":\""u8);
        writer.Text(tick.Size);
        writer.Raw("\""u8);
    }

    private static void WriteConditions(scoped ref EventWriter writer, scoped in Tick tick)
    {
        if (tick.Has(TickFields.Conditions))
            WriteList(ref writer, ",\"c\":["u8, tick.Conditions);
    }

    private static void WriteTrf(scoped ref EventWriter writer, scoped in Tick tick)
    {
        writer.Number(",\"trfi\":"u8, tick.TrfId, tick.Has(TickFields.TrfId));
        writer.Number(",\"trft\":"u8, tick.TrfMs, tick.Has(TickFields.TrfMs));
    }

    /// <param name="begin">The list's name and its opening bracket.</param>
    private static void WriteList(scoped ref EventWriter writer, scoped ReadOnlySpan<byte> begin, scoped ReadOnlySpan<int> values)
    {
        writer.Raw(begin);
        for (var index = 0; index < values.Length; index++)
            writer.Number(index == 0 ? default : ","u8, values[index], true);
        writer.Raw("]"u8);
    }

    /// <summary>
    /// Returns the coin pair without the market's prefix. Names of unknown coins have the prefix, but the feed does not send it.
    /// </summary>
    private static ReadOnlySpan<byte> CoinPair(Symbol symbol) =>
        symbol.Utf8.StartsWith("X:"u8) ? symbol.Utf8["X:"u8.Length..] : symbol.Utf8;
}
