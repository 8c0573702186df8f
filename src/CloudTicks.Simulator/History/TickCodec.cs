using CloudTicks.Ticks;

namespace CloudTicks.Simulator.History;

/// <summary>Encodes a channel's ticks as differences, in about eight bytes per currency quote. Used only in memory.</summary>
internal struct TickCodec
{
    // The maximum size of a tick's fixed fields: seventeen numbers, six scales, three lengths.
    private const int MaxFixedBytes = 192;
    private const int MaxListEntryBytes = 5;

    /// <summary>The maximum size of a tick with a trade id and two lists, in bytes.</summary>
    public const int MaxBytes = MaxFixedBytes + Tick.MaxTradeIdBytes + (2 * Tick.MaxListLength * MaxListEntryBytes);

    private long _timestampMs;
    private long _sequence;
    private long _bid;
    private long _ask;
    private long _bidSize;
    private long _askSize;
    private long _price;
    private long _size;

    /// <summary>An upper bound for the size of this tick, in bytes.</summary>
    public static int MaxBytesOf(scoped in Tick tick) =>
        MaxFixedBytes + tick.TradeId.Length + ((tick.Conditions.Length + tick.Indicators.Length) * MaxListEntryBytes);

    public int Write(scoped in Tick tick, Span<byte> destination)
    {
        var writer = new VarintWriter(destination);
        writer.Unsigned((ulong)tick.Fields);
        writer.Difference(tick.TimestampMs, ref _timestampMs);
        WritePrice(ref writer, tick, TickFields.Bid, tick.Bid, ref _bid);
        WritePrice(ref writer, tick, TickFields.Ask, tick.Ask, ref _ask);
        WritePrice(ref writer, tick, TickFields.BidSize, tick.BidSize, ref _bidSize);
        WritePrice(ref writer, tick, TickFields.AskSize, tick.AskSize, ref _askSize);
        WritePrice(ref writer, tick, TickFields.Price, tick.Price, ref _price);
        WritePrice(ref writer, tick, TickFields.Size, tick.Size, ref _size);
        if (tick.Has(TickFields.Sequence))
            writer.Difference(tick.Sequence, ref _sequence);
        WriteNumber(ref writer, tick, TickFields.Exchange, tick.Exchange);
        WriteNumber(ref writer, tick, TickFields.BidExchange, tick.BidExchange);
        WriteNumber(ref writer, tick, TickFields.AskExchange, tick.AskExchange);
        WriteNumber(ref writer, tick, TickFields.Tape, tick.Tape);
        WriteNumber(ref writer, tick, TickFields.ParticipantMs, tick.ParticipantMs - tick.TimestampMs);
        WriteNumber(ref writer, tick, TickFields.TrfId, tick.TrfId);
        WriteNumber(ref writer, tick, TickFields.TrfMs, tick.TrfMs - tick.TimestampMs);
        WriteNumber(ref writer, tick, TickFields.VendorReceivedMs, tick.VendorReceivedMs - tick.TimestampMs);
        if (tick.Has(TickFields.TradeId))
            writer.Text(tick.TradeId);
        if (tick.Has(TickFields.Conditions))
            writer.List(tick.Conditions);
        if (tick.Has(TickFields.Indicators))
            writer.List(tick.Indicators);
        return writer.Length;
    }

    /// <summary>Reads the next tick of the channel.</summary>
    /// <param name="source">The remaining bytes; set to those after the tick.</param>
    /// <param name="lists">Receives the tick's lists.</param>
    /// <param name="tick">Receives the tick, except symbol and kind, which are not encoded. Its texts refer to the bytes that were read,
    /// and its lists to <paramref name="lists"/>.</param>
    public void Read(scoped ref ReadOnlySpan<byte> source, Span<int> lists, scoped ref Tick tick)
    {
        var reader = new VarintReader(source);
        tick.Fields = (TickFields)reader.Unsigned();
        tick.TimestampMs = reader.Difference(ref _timestampMs);
        tick.Bid = ReadPrice(ref reader, tick, TickFields.Bid, ref _bid);
        tick.Ask = ReadPrice(ref reader, tick, TickFields.Ask, ref _ask);
        tick.BidSize = ReadPrice(ref reader, tick, TickFields.BidSize, ref _bidSize);
        tick.AskSize = ReadPrice(ref reader, tick, TickFields.AskSize, ref _askSize);
        tick.Price = ReadPrice(ref reader, tick, TickFields.Price, ref _price);
        tick.Size = ReadPrice(ref reader, tick, TickFields.Size, ref _size);
        tick.Sequence = tick.Has(TickFields.Sequence) ? reader.Difference(ref _sequence) : 0;
        tick.Exchange = (int)ReadNumber(ref reader, tick, TickFields.Exchange);
        tick.BidExchange = (int)ReadNumber(ref reader, tick, TickFields.BidExchange);
        tick.AskExchange = (int)ReadNumber(ref reader, tick, TickFields.AskExchange);
        tick.Tape = (int)ReadNumber(ref reader, tick, TickFields.Tape);
        tick.ParticipantMs = tick.Has(TickFields.ParticipantMs) ? tick.TimestampMs + reader.Signed() : 0;
        tick.TrfId = (int)ReadNumber(ref reader, tick, TickFields.TrfId);
        tick.TrfMs = tick.Has(TickFields.TrfMs) ? tick.TimestampMs + reader.Signed() : 0;
        tick.VendorReceivedMs = tick.Has(TickFields.VendorReceivedMs) ? tick.TimestampMs + reader.Signed() : 0;
        tick.TradeId = tick.Has(TickFields.TradeId) ? reader.Text() : default;
        tick.Conditions = tick.Has(TickFields.Conditions) ? reader.List(lists) : default;
        tick.Indicators = tick.Has(TickFields.Indicators) ? reader.List(lists[Tick.MaxListLength..]) : default;
        source = reader.Rest;
    }

    private static void WritePrice(scoped ref VarintWriter writer, scoped in Tick tick, TickFields field, Price price, ref long last)
    {
        if (!tick.Has(field))
            return;
        writer.Byte((byte)price.Scale);
        writer.Difference(price.Mantissa, ref last);
    }

    private static Price ReadPrice(scoped ref VarintReader reader, scoped in Tick tick, TickFields field, ref long last)
    {
        if (!tick.Has(field))
            return default;
        var scale = reader.Byte();
        return Price.Create(reader.Difference(ref last), scale);
    }

    private static void WriteNumber(scoped ref VarintWriter writer, scoped in Tick tick, TickFields field, long value)
    {
        if (tick.Has(field))
            writer.Signed(value);
    }

    private static long ReadNumber(scoped ref VarintReader reader, scoped in Tick tick, TickFields field) =>
        tick.Has(field) ? reader.Signed() : 0;
}
