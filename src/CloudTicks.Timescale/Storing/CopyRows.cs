using System.Buffers.Binary;
using CloudTicks.Ticks;

namespace CloudTicks.Timescale.Storing;

/// <summary>Encodes ticks as rows in PostgreSQL's binary COPY format, into a reused array.</summary>
internal sealed class CopyRows
{
    /// <summary>Maximum length of a row: 17 lengths, the longest symbol, trade id and list of conditions, and the numbers.</summary>
    public const int MaxRowBytes = 1024;

    private const int SmallintOid = 21;
    private const int Null = -1;

    private byte[] _bytes = new byte[64 * 1024];

    /// <summary>The COPY header: the signature, no flags, no extension.</summary>
    public static ReadOnlyMemory<byte> Header { get; } =
        new byte[] { (byte)'P', (byte)'G', (byte)'C', (byte)'O', (byte)'P', (byte)'Y', (byte)'\n', 0xFF, (byte)'\r', (byte)'\n', 0, 0, 0, 0,
            0, 0, 0, 0, 0 };

    public static ReadOnlyMemory<byte> Trailer { get; } = new byte[] { 0xFF, 0xFF };

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    /// <summary>Returns the start of each row, followed by the end of the last row.</summary>
    public static int[] StartsOf(ReadOnlySpan<byte> rows, int count)
    {
        var starts = new int[count + 1];
        for (var row = 0; row < count; row++)
        {
            var end = starts[row] + sizeof(short);
            for (var column = 0; column < MarketTicksTable.ColumnCount; column++)
            {
                end += sizeof(int) + Math.Max(0, BinaryPrimitives.ReadInt32BigEndian(rows[end..]));
            }

            starts[row + 1] = end;
        }

        return starts;
    }

    public void Truncate(int length) => Length = length;

    public void Add(scoped in Tick tick, TickSource source, ulong hash)
    {
        if (_bytes.Length - Length < MaxRowBytes)
        {
            Array.Resize(ref _bytes, _bytes.Length * 2);
        }

        var row = new RowWriter(_bytes.AsSpan(Length, MaxRowBytes));
        row.Int16(MarketTicksTable.ColumnCount);
        row.Bytes(tick.Symbol.Utf8);
        row.Bigint(tick.TimestampMs);
        row.Bytes(tick.Symbol.Market.Utf8Name());
        row.Bytes(tick.Kind.Utf8Name());
        row.Bytes(source.Utf8Name());
        row.Double(tick, TickFields.Bid, tick.Bid);
        row.Double(tick, TickFields.Ask, tick.Ask);
        row.Double(tick, TickFields.BidSize, tick.BidSize);
        row.Double(tick, TickFields.AskSize, tick.AskSize);
        row.Double(tick, TickFields.Price, tick.Price);
        row.Double(tick, TickFields.Size, tick.Size);
        row.Exchange(tick);
        row.Conditions(tick);
        row.Sequence(tick);
        row.TradeId(tick);
        row.Bigint((long)hash);
        row.Bigint(tick.ReceivedMs);
        Length += row.Length;
    }

    private ref struct RowWriter(Span<byte> destination)
    {
        private readonly Span<byte> _destination = destination;

        public int Length { get; private set; }

        public void Int16(short value)
        {
            BinaryPrimitives.WriteInt16BigEndian(_destination[Length..], value);
            Length += sizeof(short);
        }

        public void Int32(int value)
        {
            BinaryPrimitives.WriteInt32BigEndian(_destination[Length..], value);
            Length += sizeof(int);
        }

        public void Bytes(scoped ReadOnlySpan<byte> value)
        {
            Int32(value.Length);
            value.CopyTo(_destination[Length..]);
            Length += value.Length;
        }

        public void Bigint(long value)
        {
            Int32(sizeof(long));
            BinaryPrimitives.WriteInt64BigEndian(_destination[Length..], value);
            Length += sizeof(long);
        }

        public void Double(scoped in Tick tick, TickFields field, Price value)
        {
            if (!tick.Has(field))
            {
                Int32(Null);
                return;
            }

            Int32(sizeof(double));
            BinaryPrimitives.WriteDoubleBigEndian(_destination[Length..], value.ToDouble());
            Length += sizeof(double);
        }

        /// <summary>Writes the exchange of the tick or, if it has none, the exchange of its bid, or else of its ask.</summary>
        public void Exchange(scoped in Tick tick)
        {
            var exchange = tick.Has(TickFields.Exchange) ? tick.Exchange
                : tick.Has(TickFields.BidExchange) ? tick.BidExchange
                : tick.Has(TickFields.AskExchange) ? tick.AskExchange
                : int.MinValue;
            if (exchange == (short)exchange)
            {
                Int32(sizeof(short));
                Int16((short)exchange);
            }
            else
            {
                // The tick has no exchange, or a number that does not fit; the archive has it.
                Int32(Null);
            }
        }

        public void Conditions(scoped in Tick tick)
        {
            if (!tick.Has(TickFields.Conditions))
            {
                Int32(Null);
                return;
            }

            var start = Length;
            Length += sizeof(int);
            var count = 0;
            foreach (var condition in tick.Conditions)
            {
                count += condition == (short)condition ? 1 : 0;
            }

            Int32(count == 0 ? 0 : 1); // dimensions
            Int32(0); // no element is null
            Int32(SmallintOid);
            if (count > 0)
            {
                Int32(count);
                Int32(1); // the first index
            }

            foreach (var condition in tick.Conditions)
            {
                // Condition codes are below 1,000. A code that does not fit is omitted; the archive has it.
                if (condition == (short)condition)
                {
                    Int32(sizeof(short));
                    Int16((short)condition);
                }
            }

            BinaryPrimitives.WriteInt32BigEndian(_destination[start..], Length - start - sizeof(int));
        }

        public void Sequence(scoped in Tick tick)
        {
            if (tick.Has(TickFields.Sequence))
            {
                Bigint(tick.Sequence);
            }
            else
            {
                Int32(Null);
            }
        }

        public void TradeId(scoped in Tick tick)
        {
            if (tick.Has(TickFields.TradeId))
            {
                Bytes(tick.TradeId);
            }
            else
            {
                Int32(Null);
            }
        }
    }
}
