namespace CloudTicks.Timescale.Storing;

/// <summary>
/// The records between what is stored and what was delivered are missing: a checkpoint ran ahead, or the database lost its last
/// commits. Nothing was written; read the missing records and store them first.
/// </summary>
public sealed class MissingRecordsException : Exception
{
    internal MissingRecordsException(StreamPartition partition, long nextOffset, long firstOffset)
        : base($"Records {nextOffset} to {firstOffset - 1} of {partition} are not stored, but record {firstOffset} was delivered: " +
            "read the missing ones from the stream and store them first.") =>
        (NextOffset, FirstOffset) = (nextOffset, firstOffset);

    /// <summary>The first record that is missing.</summary>
    public long NextOffset { get; }

    /// <summary>The record that was delivered.</summary>
    public long FirstOffset { get; }
}

/// <summary>
/// The stream ends before records that are stored: it lost its end, as when an old copy of its data was put back. What it gets from
/// now on would be taken for records seen before, so nothing is stored until a person has decided.
/// </summary>
public sealed class StreamWentBackException : Exception
{
    internal StreamWentBackException(string consumer, StreamPartition partition, long nextOffset, long logEnd)
        : base($"{partition} ends at offset {logEnd}, but everything before {nextOffset} is stored already: the stream lost records. " +
            "Restore it; or, if they are lost for good, run UPDATE stream_offsets SET next_offset = " +
            $"{logEnd} WHERE consumer = '{consumer}' AND stream = '{partition.Stream}' AND topic = '{partition.Topic}' AND partition = "
                + $"{partition.Partition}.")
    {
    }
}
