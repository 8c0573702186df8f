namespace CloudTicks.Timescale.Storing;

/// <summary>
/// Records are missing between the last stored record and the delivered record, because a checkpoint was ahead of the table or the database
/// lost its last commits. Nothing was written. Read the missing records and store them first.
/// </summary>
public sealed class MissingRecordsException : Exception
{
    internal MissingRecordsException(StreamPartition partition, long nextOffset, long firstOffset)
        : base($"Records {nextOffset} to {firstOffset - 1} of {partition} are not stored, but record {firstOffset} was delivered: " +
            "read the missing records from the stream and store them first.") =>
        (NextOffset, FirstOffset) = (nextOffset, firstOffset);

    /// <summary>The offset of the first missing record.</summary>
    public long NextOffset { get; }

    /// <summary>The offset of the delivered record.</summary>
    public long FirstOffset { get; }
}

/// <summary>
/// The stream ends before stored records: it lost its end, for example because an old copy of its data was restored. New records would be
/// mistaken for stored records and skipped, so nothing is stored until an operator decides what to do.
/// </summary>
public sealed class StreamTruncatedException : Exception
{
    internal StreamTruncatedException(string consumer, StreamPartition partition, long nextOffset, long logEnd)
        : base($"{partition} ends at offset {logEnd}, but everything before {nextOffset} is stored already: the stream lost records. " +
            "Restore it, or, if they are lost permanently, run UPDATE stream_offsets SET next_offset = " +
            $"{logEnd} WHERE consumer = '{consumer}' AND stream = '{partition.Stream}' AND topic = '{partition.Topic}' AND partition = "
                + $"{partition.Partition}.")
    {
    }
}
