namespace CloudTicks.EventHub.Wal;

/// <summary>
/// A large batch that is written in slices, some way behind the end of the log, where small records go on meanwhile. It is a part of the
/// log when its header is written, with the last slice; what is left of the room before it is then filled by a
/// <see cref="RecordKind.Padding"/>. A kill before that leaves bytes behind the end of the log that are no record.
/// </summary>
internal sealed class SlicedWrite(LogEntry entry)
{
    /// <summary>So much of its size is left to others in front of it; when they need more, the rest is written at once.</summary>
    private const int RoomShare = 4;

    public LogEntry Entry => entry;

    /// <summary>Where its record will begin.</summary>
    public long Position { get; private set; } = -1;

    /// <summary>Bytes of the payload, behind those that the record's checksum covers, that are flushed.</summary>
    public int Done { get; set; }

    public bool IsPlaced => Position >= 0;

    /// <summary>Chooses its place behind the end of the log.</summary>
    public void Place(long end) => Position = end + WalRecord.HeaderBytes + (entry.Bytes / RoomShare);

    /// <summary>True when a record fits in front of it, and padding behind that.</summary>
    public bool HasRoom(long end, int payloadBytes) =>
        end + WalRecord.HeaderBytes + BatchAddress.Bytes + payloadBytes + WalRecord.HeaderBytes <= Position;
}
