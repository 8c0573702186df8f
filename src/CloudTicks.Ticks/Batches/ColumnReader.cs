namespace CloudTicks.Ticks.Batches;

/// <summary>Reads the entries of a packed column of a record in order.</summary>
internal struct ColumnReader(int start, int end)
{
    private int _position = start;

    public readonly int BytesLeft => end - _position;

    public ulong ReadUnsigned(ReadOnlySpan<byte> record, TickBatchColumn column) =>
        Varint.TryRead(record[..end], ref _position, out var value) ? value : throw Exhausted(column);

    public long ReadSigned(ReadOnlySpan<byte> record, TickBatchColumn column) => Varint.UnZigZag(ReadUnsigned(record, column));

    public int Int32(ReadOnlySpan<byte> record, TickBatchColumn column)
    {
        var value = ReadSigned(record, column);
        return value == (int)value ? (int)value
            : throw new TickBatchFormatException($"{column} has {value}, which does not fit into 32 bits.");
    }

    public ReadOnlySpan<byte> Bytes(ReadOnlySpan<byte> record, TickBatchColumn column, int length)
    {
        if (length > BytesLeft)
        {
            throw Exhausted(column);
        }

        _position += length;
        return record.Slice(_position - length, length);
    }

    private static TickBatchFormatException Exhausted(TickBatchColumn column) =>
        new($"{column} is too short for the ticks of the record.");
}
