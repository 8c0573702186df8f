using System.Buffers.Binary;
using System.Runtime.InteropServices;
using CloudTicks.Ticks;

namespace CloudTicks.Replay.Sorting;

/// <summary>The sort order of a tick: by its time, then by its position in the archive.</summary>
/// <param name="Position">The partition in the upper 16 bits, the tick's number within the partition in the lower 48 bits.</param>
internal readonly record struct TickOrder(long TimestampMs, ulong Position) : IComparable<TickOrder>
{
    private const int PartitionShift = 48;

    public int CompareTo(TickOrder other) =>
        TimestampMs != other.TimestampMs ? TimestampMs.CompareTo(other.TimestampMs) : Position.CompareTo(other.Position);

    public static ulong PositionOf(int partition, long number) => ((ulong)partition << PartitionShift) | (ulong)number;

    public static int PartitionOf(ulong position) => (int)(position >> PartitionShift);
}

/// <summary>
/// The format of a row for sorting, used within one process: length, order, symbol, kind, source, presence of fields, time of receipt,
/// then the fields.
/// </summary>
internal static class TickRow
{
    public const int MaxBytes = 1024;

    private const int TimestampOffset = 2;
    private const int PositionOffset = 10;
    private const int SymbolOffset = 18;
    private const int KindOffset = 22;
    private const int SourceOffset = 23;
    private const int FieldsOffset = 24;
    private const int ReceivedOffset = 28;
    private const int HeadBytes = 36;

    public static int Write(scoped in Tick tick, TickSource source, ulong position, int symbol, Span<byte> row)
    {
        BinaryPrimitives.WriteInt64LittleEndian(row[TimestampOffset..], tick.TimestampMs);
        BinaryPrimitives.WriteUInt64LittleEndian(row[PositionOffset..], position);
        BinaryPrimitives.WriteInt32LittleEndian(row[SymbolOffset..], symbol);
        row[KindOffset] = (byte)tick.Kind;
        row[SourceOffset] = (byte)source;
        BinaryPrimitives.WriteInt32LittleEndian(row[FieldsOffset..], (int)tick.Fields);
        BinaryPrimitives.WriteInt64LittleEndian(row[ReceivedOffset..], tick.ReceivedMs);
        var fields = new FieldWriter(row, HeadBytes, tick.Fields);
        fields.Decimal(TickFields.Bid, tick.Bid);
        fields.Decimal(TickFields.Ask, tick.Ask);
        fields.Decimal(TickFields.BidSize, tick.BidSize);
        fields.Decimal(TickFields.AskSize, tick.AskSize);
        fields.Decimal(TickFields.Price, tick.Price);
        fields.Decimal(TickFields.Size, tick.Size);
        fields.Number(TickFields.Exchange, tick.Exchange);
        fields.Number(TickFields.BidExchange, tick.BidExchange);
        fields.Number(TickFields.AskExchange, tick.AskExchange);
        fields.Number(TickFields.Sequence, tick.Sequence);
        fields.Number(TickFields.Tape, tick.Tape);
        fields.Number(TickFields.ParticipantMs, tick.ParticipantMs);
        fields.Number(TickFields.TrfId, tick.TrfId);
        fields.Number(TickFields.TrfMs, tick.TrfMs);
        fields.Number(TickFields.VendorReceivedMs, tick.VendorReceivedMs);
        fields.Number(TickFields.Flags, (int)tick.Flags);
        fields.Bytes(TickFields.TradeId, tick.TradeId);
        fields.Bytes(TickFields.Conditions, MemoryMarshal.AsBytes(tick.Conditions));
        fields.Bytes(TickFields.Indicators, MemoryMarshal.AsBytes(tick.Indicators));
        BinaryPrimitives.WriteUInt16LittleEndian(row, (ushort)fields.Length);
        return fields.Length;
    }

    /// <summary>The length of the row that begins here; at least 2 bytes must be available.</summary>
    public static int Length(ReadOnlySpan<byte> row) => BinaryPrimitives.ReadUInt16LittleEndian(row);

    public static TickOrder Order(ReadOnlySpan<byte> row) =>
        new(BinaryPrimitives.ReadInt64LittleEndian(row[TimestampOffset..]), BinaryPrimitives.ReadUInt64LittleEndian(row[PositionOffset..]));

    public static void Read(ReadOnlySpan<byte> row, IReadOnlyList<Symbol> symbols, ref Tick tick, out TickSource source)
    {
        tick = default;
        tick.TimestampMs = BinaryPrimitives.ReadInt64LittleEndian(row[TimestampOffset..]);
        tick.Symbol = symbols[BinaryPrimitives.ReadInt32LittleEndian(row[SymbolOffset..])];
        tick.Kind = (TickKind)row[KindOffset];
        source = (TickSource)row[SourceOffset];
        tick.Fields = (TickFields)BinaryPrimitives.ReadInt32LittleEndian(row[FieldsOffset..]);
        tick.ReceivedMs = BinaryPrimitives.ReadInt64LittleEndian(row[ReceivedOffset..]);
        var fields = new FieldReader(row, HeadBytes, tick.Fields);
        tick.Bid = fields.Decimal(TickFields.Bid);
        tick.Ask = fields.Decimal(TickFields.Ask);
        tick.BidSize = fields.Decimal(TickFields.BidSize);
        tick.AskSize = fields.Decimal(TickFields.AskSize);
        tick.Price = fields.Decimal(TickFields.Price);
        tick.Size = fields.Decimal(TickFields.Size);
        tick.Exchange = (int)fields.Number(TickFields.Exchange);
        tick.BidExchange = (int)fields.Number(TickFields.BidExchange);
        tick.AskExchange = (int)fields.Number(TickFields.AskExchange);
        tick.Sequence = fields.Number(TickFields.Sequence);
        tick.Tape = (int)fields.Number(TickFields.Tape);
        tick.ParticipantMs = fields.Number(TickFields.ParticipantMs);
        tick.TrfId = (int)fields.Number(TickFields.TrfId);
        tick.TrfMs = fields.Number(TickFields.TrfMs);
        tick.VendorReceivedMs = fields.Number(TickFields.VendorReceivedMs);
        tick.Flags = (TickFlags)fields.Number(TickFields.Flags);
        tick.TradeId = fields.Bytes(TickFields.TradeId);
        tick.Conditions = MemoryMarshal.Cast<byte, int>(fields.Bytes(TickFields.Conditions));
        tick.Indicators = MemoryMarshal.Cast<byte, int>(fields.Bytes(TickFields.Indicators));
    }

    private ref struct FieldWriter(Span<byte> row, int length, TickFields fields)
    {
        private readonly Span<byte> _row = row;

        public int Length { get; private set; } = length;

        public void Decimal(TickFields field, Price value)
        {
            if ((fields & field) != 0)
            {
                BinaryPrimitives.WriteInt64LittleEndian(_row[Length..], value.Mantissa);
                _row[Length + sizeof(long)] = (byte)value.Scale;
                Length += sizeof(long) + 1;
            }
        }

        public void Number(TickFields field, long value)
        {
            if ((fields & field) != 0)
            {
                BinaryPrimitives.WriteInt64LittleEndian(_row[Length..], value);
                Length += sizeof(long);
            }
        }

        public void Bytes(TickFields field, scoped ReadOnlySpan<byte> value)
        {
            if ((fields & field) != 0)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(_row[Length..], (ushort)value.Length);
                value.CopyTo(_row[(Length + sizeof(ushort))..]);
                Length += sizeof(ushort) + value.Length;
            }
        }
    }

    private ref struct FieldReader(ReadOnlySpan<byte> row, int position, TickFields fields)
    {
        private readonly ReadOnlySpan<byte> _row = row;
        private int _position = position;

        public Price Decimal(TickFields field)
        {
            if ((fields & field) == 0)
            {
                return default;
            }

            var value = Price.Create(BinaryPrimitives.ReadInt64LittleEndian(_row[_position..]), _row[_position + sizeof(long)]);
            _position += sizeof(long) + 1;
            return value;
        }

        public long Number(TickFields field)
        {
            if ((fields & field) == 0)
            {
                return 0;
            }

            _position += sizeof(long);
            return BinaryPrimitives.ReadInt64LittleEndian(_row[(_position - sizeof(long))..]);
        }

        public ReadOnlySpan<byte> Bytes(TickFields field)
        {
            if ((fields & field) == 0)
            {
                return [];
            }

            var length = BinaryPrimitives.ReadUInt16LittleEndian(_row[_position..]);
            _position += sizeof(ushort) + length;
            return _row.Slice(_position - length, length);
        }
    }
}
