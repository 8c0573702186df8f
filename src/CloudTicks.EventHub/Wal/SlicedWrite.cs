namespace CloudTicks.EventHub.Wal;

/// <summary>
/// A large batch that is written in slices, at some distance after the end of the log, while small records continue to be written at the
/// end. It becomes part of the log with its last slice and its header; a <see cref="RecordKind.Padding"/> record fills the remaining room
/// before it. A crash before the last slice leaves bytes after the end of the log that are not a record.
/// </summary>
internal sealed class SlicedWrite(LogEntry entry)
{
    /// <summary>
    /// The room before the entry for other records is the entry's size divided by this number. When the room is used up, the rest of the
    /// entry is written at once.
    /// </summary>
    private const int RoomDivisor = 4;

    public LogEntry Entry => entry;

    /// <summary>The position of its record.</summary>
    public long Position { get; private set; } = -1;

    /// <summary>Flushed bytes of the payload after the part that the record's checksum covers.</summary>
    public int WrittenBytes { get; set; }

    public bool IsPlaced => Position >= 0;

    /// <summary>Chooses the position of the record, after the end of the log.</summary>
    public void Place(long end) => Position = end + WalRecord.HeaderBytes + (entry.Bytes / RoomDivisor);

    /// <summary>True when another record, followed by padding, fits before this record.</summary>
    public bool HasRoom(long end, int payloadBytes) =>
        end + WalRecord.HeaderBytes + BatchAddress.Bytes + payloadBytes + WalRecord.HeaderBytes <= Position;
}
