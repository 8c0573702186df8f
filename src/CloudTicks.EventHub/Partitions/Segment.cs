using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Partitions;

/// <summary>A range of a partition: whole record batches, read by byte position. Subclasses define where the bytes are stored.</summary>
internal abstract class Segment(long baseOffset) : IDisposable
{
    /// <summary>The first offset.</summary>
    public long BaseOffset { get; } = baseOffset;

    /// <summary>The file to restore when the segment is damaged.</summary>
    public abstract string FilePath { get; }

    public long Bytes { get; protected set; }

    /// <summary>The offset after the range that the segment covers.</summary>
    public long NextOffset { get; protected set; } = baseOffset;

    /// <summary>The offset after the last existing record; <see cref="NextOffset"/> is larger when records are lost at the end.</summary>
    public long RecordsEnd { get; protected set; } = baseOffset;

    /// <summary>The largest timestamp, Unix milliseconds; long.MinValue for an empty segment.</summary>
    public long MaxTimestamp { get; protected set; } = long.MinValue;

    /// <summary>True when the segment is complete, so that a segment with the same or fewer records may replace it.</summary>
    public bool IsSealed { get; protected set; }

    /// <summary>The last index entry at or below an offset; the first entry when there is none.</summary>
    public abstract IndexEntry? FloorOffset(long offset);

    /// <summary>The last index entry before which all timestamps are smaller than the given one.</summary>
    public abstract IndexEntry? FloorTime(long timestamp);

    /// <summary>The first index entry at or after a position.</summary>
    public abstract IndexEntry? CeilingPosition(long position);

    /// <param name="fromDisk">True to bypass the batches in memory.</param>
    /// <param name="isChecked">True when the bytes were verified before and need not be verified again.</param>
    /// <returns>Bytes read; fewer than requested only at the end.</returns>
    /// <exception cref="SegmentDeletedException">The segment was deleted.</exception>
    public abstract int Read(long position, Span<byte> into, bool fromDisk, out bool isChecked);

    public int Read(long position, Span<byte> into) => Read(position, into, fromDisk: false, out _);

    /// <summary>The time of the newest record, Unix milliseconds, if its timestamp is plausible.</summary>
    /// <remarks>
    /// The time of the last write replaces a missing or future timestamp, so that a single wrong timestamp does not keep a segment
    /// permanently. A segment that was just deleted or replaced counts as new, so that its records do not expire early.
    /// </remarks>
    public long NewestTime(long now) =>
        MaxTimestamp >= 0 && MaxTimestamp <= now ? MaxTimestamp
        : new FileInfo(FilePath) is { Exists: true } file ? new DateTimeOffset(file.LastWriteTimeUtc).ToUnixTimeMilliseconds()
        : now;

    /// <summary>The largest timestamp of the first batch, Unix milliseconds; null when the batch is missing or unreadable.</summary>
    public long? FirstTime()
    {
        Span<byte> header = stackalloc byte[RecordBatch.HeaderBytes];
        return Read(0, header) == header.Length && RecordBatch.TryRead(header, out var first) && first.Magic == 2
            ? first.MaxTimestamp
            : null;
    }

    /// <summary>Frees the space. A read in progress completes; a later read throws a <see cref="SegmentDeletedException"/>.</summary>
    public abstract void Remove();

    /// <summary>Closes a segment whose partition's folder is about to be deleted.</summary>
    public abstract void Abandon();

    public abstract void Dispose();
}
