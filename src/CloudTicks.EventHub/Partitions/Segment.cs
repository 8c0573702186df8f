using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Partitions;

/// <summary>A range of a partition: whole record batches by position. Subclasses define where the bytes are stored.</summary>
internal abstract class Segment(long baseOffset) : IDisposable
{
    /// <summary>The first offset.</summary>
    public long BaseOffset { get; } = baseOffset;

    /// <summary>The file to restore when the segment is damaged.</summary>
    public abstract string FilePath { get; }

    public long Bytes { get; protected set; }

    /// <summary>The offset after the last record.</summary>
    public long NextOffset { get; protected set; } = baseOffset;

    /// <summary>The offset after the last existing record; <see cref="NextOffset"/> is larger when records are lost at the end.</summary>
    public long RecordsEnd { get; protected set; } = baseOffset;

    /// <summary>The largest timestamp, Unix milliseconds; long.MinValue for an empty segment.</summary>
    public long MaxTimestamp { get; protected set; } = long.MinValue;

    /// <summary>True when the segment is complete: another one with the same or fewer records may replace it.</summary>
    public bool IsSealed { get; protected set; }

    /// <summary>The last index entry at or below an offset; the first entry when there is none.</summary>
    public abstract IndexEntry? FloorOffset(long offset);

    /// <summary>The last indexed position before which every timestamp is smaller.</summary>
    public abstract IndexEntry? FloorTime(long timestamp);

    /// <summary>The first index entry at or after a position.</summary>
    public abstract IndexEntry? CeilingPosition(long position);

    /// <param name="fromDisk">True to bypass the batches in memory.</param>
    /// <param name="isChecked">True when the bytes were verified before and need not be verified again.</param>
    /// <returns>Bytes read; fewer only at the end.</returns>
    /// <exception cref="SegmentDeletedException">The segment was deleted.</exception>
    public abstract int Read(long position, Span<byte> into, bool fromDisk, out bool isChecked);

    public int Read(long position, Span<byte> into) => Read(position, into, fromDisk: false, out _);

    /// <summary>The time of the newest record, Unix milliseconds, if its timestamp is plausible.</summary>
    /// <remarks>
    /// A missing timestamp, or one in the future, is replaced by the time of the last write, so that one wrong timestamp does not keep a
    /// segment permanently.
    /// </remarks>
    public long NewestTime(long now) =>
        MaxTimestamp >= 0 && MaxTimestamp <= now
            ? MaxTimestamp
            : new DateTimeOffset(File.GetLastWriteTimeUtc(FilePath)).ToUnixTimeMilliseconds();

    /// <summary>The largest timestamp of the first batch, Unix milliseconds; null when there is none.</summary>
    public long? FirstTime()
    {
        Span<byte> header = stackalloc byte[RecordBatch.HeaderBytes];
        return Read(0, header) == header.Length && RecordBatch.TryRead(header, out var first) && first.Magic == 2
            ? first.MaxTimestamp
            : null;
    }

    /// <summary>
    /// Frees the space. A read in progress completes; a later one throws a <see cref="SegmentDeletedException"/>.
    /// </summary>
    public abstract void Remove();

    /// <summary>Closes a segment whose partition's folder is about to be deleted.</summary>
    public abstract void Abandon();

    public abstract void Dispose();
}
