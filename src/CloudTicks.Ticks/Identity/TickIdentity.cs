using System.Buffers.Binary;

namespace CloudTicks.Ticks.Identity;

/// <summary>
/// What makes two ticks the same tick: market, kind, symbol, time and the fields that both the WebSocket and the REST endpoints
/// carry, so that a backfilled tick equals the tick that was missed. The byte layout below never changes: archives, tables and
/// other programs depend on it, and golden tests pin it. The identity is the XXH64 (seed 0) of these bytes.
/// <code>
/// byte    layout version, 1
/// byte    market, byte kind
/// int64   timestamp_ms, little endian as all numbers
/// uint16  length of the symbol, then its UTF-8 bytes (the normalised name: EURUSD, BRK.A, BTC-USD)
/// then, in this order, an absent field as zero or as an empty string:
///   stock trade     sequence, exchange, trade id, price, size
///   stock quote     sequence, bid exchange, bid, ask exchange, ask
///   option trade    sequence, exchange, price, size
///   option quote    sequence, bid exchange, bid, ask exchange, ask
///   forex           bid, ask
///   crypto trade    exchange, trade id, price, size
///   crypto quote    exchange, bid, ask, bid size, ask size
/// sequence: int64; exchange: int32; trade id: uint16 length and UTF-8 bytes; price and size: int64 mantissa, byte scale
/// </code>
/// </summary>
public static class TickIdentity
{
    private const byte LayoutVersion = 1;
    private const int LayoutBytes = 256 + Symbol.MaxNameBytes + Tick.MaxTradeIdBytes;

    /// <summary>The tick's identity: <c>tick_hash</c> in the table, <c>id</c> in JSON.</summary>
    public static ulong Of(scoped in Tick tick)
    {
        Span<byte> bytes = stackalloc byte[LayoutBytes];
        return XxHash64.Hash(bytes[..Write(tick, bytes)]);
    }

    /// <summary>Whether feeds send ticks of this market and kind: there are no currency trades.</summary>
    public static bool IsDefinedFor(Market market, TickKind kind) => (market, kind) is not (Market.Forex, TickKind.Trade);

    internal static int Write(scoped in Tick tick, Span<byte> destination)
    {
        var writer = new LayoutWriter(destination);
        writer.Byte(LayoutVersion);
        writer.Byte((byte)tick.Symbol.Market);
        writer.Byte((byte)tick.Kind);
        writer.Int64(tick.TimestampMs);
        writer.Text(tick.Symbol.Utf8);
        switch (tick.Symbol.Market, tick.Kind)
        {
            case (Market.Stock, TickKind.Trade):
                writer.Int64(tick.Sequence);
                writer.Int32(tick.Exchange);
                writer.Text(tick.TradeId);
                writer.Decimal(tick.Price);
                writer.Decimal(tick.Size);
                break;
            case (Market.Option, TickKind.Trade):
                writer.Int64(tick.Sequence);
                writer.Int32(tick.Exchange);
                writer.Decimal(tick.Price);
                writer.Decimal(tick.Size);
                break;
            case (Market.Stock or Market.Option, TickKind.Quote):
                writer.Int64(tick.Sequence);
                writer.Int32(tick.BidExchange);
                writer.Decimal(tick.Bid);
                writer.Int32(tick.AskExchange);
                writer.Decimal(tick.Ask);
                break;
            case (Market.Forex, TickKind.Quote):
                writer.Decimal(tick.Bid);
                writer.Decimal(tick.Ask);
                break;
            case (Market.Crypto, TickKind.Trade):
                writer.Int32(tick.Exchange);
                writer.Text(tick.TradeId);
                writer.Decimal(tick.Price);
                writer.Decimal(tick.Size);
                break;
            case (Market.Crypto, TickKind.Quote):
                writer.Int32(tick.Exchange);
                writer.Decimal(tick.Bid);
                writer.Decimal(tick.Ask);
                writer.Decimal(tick.BidSize);
                writer.Decimal(tick.AskSize);
                break;
            default:
                throw new ArgumentException($"A {tick.Symbol.Market} {tick.Kind} has no identity: no feed sends such ticks.", nameof(tick));
        }

        return writer.Length;
    }

    private ref struct LayoutWriter(Span<byte> destination)
    {
        private readonly Span<byte> _destination = destination;

        public int Length { get; private set; }

        public void Byte(byte value) => _destination[Length++] = value;

        public void Int32(int value)
        {
            BinaryPrimitives.WriteInt32LittleEndian(_destination[Length..], value);
            Length += sizeof(int);
        }

        public void Int64(long value)
        {
            BinaryPrimitives.WriteInt64LittleEndian(_destination[Length..], value);
            Length += sizeof(long);
        }

        public void Text(scoped ReadOnlySpan<byte> value)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(_destination[Length..], (ushort)value.Length);
            value.CopyTo(_destination[(Length + sizeof(ushort))..]);
            Length += sizeof(ushort) + value.Length;
        }

        public void Decimal(Price value)
        {
            Int64(value.Mantissa);
            Byte((byte)value.Scale);
        }
    }
}
