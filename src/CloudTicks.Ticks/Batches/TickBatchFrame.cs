namespace CloudTicks.Ticks.Batches;

/// <summary>The leading numbers of a TickBatch record, and the positions of its symbol names and markets.</summary>
internal readonly record struct TickBatchFrame(
    int Partition, TickSource Source, int TickCount, ColumnReader SymbolNames, int MarketsStart, int MarketsEnd)
{
    private const int NumberType = 0;
    private const int Fixed64Type = 1;
    private const int BytesType = 2;
    private const int Fixed32Type = 5;
    private const int SymbolsField = 5;
    private const int MarketsField = 6;

    /// <summary>
    /// Reads the leading numbers of a record, and sets the position of each column. Unknown field numbers are skipped, as protobuf
    /// requires.
    /// </summary>
    public static TickBatchFrame Parse(ReadOnlySpan<byte> record, Span<ColumnReader> columns)
    {
        columns.Clear();
        Span<ulong> leading = stackalloc ulong[SymbolsField];
        leading.Clear();
        int position = 0, namesStart = 0, namesEnd = 0, marketsStart = 0, marketsEnd = 0;
        while (position < record.Length)
        {
            var start = position;
            var tag = Number(record, ref position);
            var field = (int)Math.Min(tag >> 3, int.MaxValue);
            switch ((int)(tag & 7))
            {
                case NumberType:
                    var value = Number(record, ref position);
                    if (field < SymbolsField)
                    {
                        leading[field] = value;
                    }

                    break;
                case BytesType:
                    var length = Number(record, ref position);
                    if (length > (ulong)(record.Length - position))
                    {
                        throw new TickBatchFormatException(
                            $"Field {field} at byte {start} claims {length} bytes, but the record is shorter.");
                    }

                    var end = position + (int)length;
                    if (field == SymbolsField)
                    {
                        if (namesEnd != 0 && namesEnd != start)
                        {
                            throw new TickBatchFormatException("The symbols of the record are not contiguous.");
                        }

                        (namesStart, namesEnd) = (namesEnd == 0 ? start : namesStart, end);
                    }
                    else if (field == MarketsField)
                    {
                        (marketsStart, marketsEnd) = (position, end);
                    }
                    else if (field < columns.Length)
                    {
                        columns[field] = new ColumnReader(position, end);
                    }

                    position = end;
                    break;
                case Fixed64Type:
                    position += sizeof(ulong);
                    break;
                case Fixed32Type:
                    position += sizeof(uint);
                    break;
                default:
                    throw new TickBatchFormatException($"The bytes at {start} are not a protobuf field.");
            }
        }

        return CreateChecked(record, leading, columns, new ColumnReader(namesStart, namesEnd), marketsStart, marketsEnd);
    }

    private static TickBatchFrame CreateChecked(
        ReadOnlySpan<byte> record, ReadOnlySpan<ulong> leading, ReadOnlySpan<ColumnReader> columns, ColumnReader names, int marketsStart,
        int marketsEnd)
    {
        var (version, partition, source, count) = (leading[1], leading[2], leading[3], leading[4]);
        if (version != TickBatchBuilder.FormatVersion)
        {
            throw new TickBatchFormatException(version == 0
                ? $"The record of {record.Length} bytes has no format version: it is not a TickBatch."
                : $"The record has format version {version}; this program reads version {TickBatchBuilder.FormatVersion}. "
                    + "Update the program.");
        }

        if (partition > int.MaxValue || source is < (int)TickSource.Live or > (int)TickSource.Replay)
        {
            throw new TickBatchFormatException($"The record has partition {partition} and source {source}; at least one is invalid.");
        }

        // Every tick uses at least one byte of this column.
        var symbolBytes = (ulong)columns[(int)TickBatchColumn.SymbolIndex].BytesLeft;
        return count > 0 && count <= symbolBytes
            ? new TickBatchFrame((int)partition, (TickSource)source, (int)count, names, marketsStart, marketsEnd)
            : throw new TickBatchFormatException(
                count == 0 ? "The record has no ticks." : $"The record claims {count} ticks, but has room for {symbolBytes}.");
    }

    private static ulong Number(ReadOnlySpan<byte> record, ref int position) =>
        Varint.TryRead(record, ref position, out var value) ? value
            : throw new TickBatchFormatException($"The number at byte {position} is truncated.");
}
