using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Partitions;

/// <summary>A stretch of a partition: whole record batches by their positions; its forms decide where the bytes are.</summary>
internal abstract class Segment(long baseOffset) : IDisposable
{
    /// <summary>The first offset.</summary>
    public long BaseOffset { get; } = baseOffset;

    /// <summary>The file that a person would restore when it is damaged.</summary>
    public abstract string FilePath { get; }

    public long Bytes { get; protected set; }

    /// <summary>The offset behind the last record.</summary>
    public long NextOffset { get; protected set; } = baseOffset;

    /// <summary>The offset behind the last record that is there; behind lost records <see cref="NextOffset"/> is further on.</summary>
    public long RecordsEnd { get; protected set; } = baseOffset;

    /// <summary>The largest timestamp in it, Unix milliseconds; the least long when it is empty.</summary>
    public long MaxTimestamp { get; protected set; } = long.MinValue;

    /// <summary>True when it takes no more: it may be replaced by another one with the same records, or fewer.</summary>
    public bool IsSealed { get; protected set; }

    /// <summary>The last known place at or below an offset; the first one when there is none.</summary>
    public abstract IndexEntry? FloorOffset(long offset);

    /// <summary>The last known place before which every timestamp is smaller.</summary>
    public abstract IndexEntry? FloorTime(long timestamp);

    /// <summary>The first known place at or behind a position.</summary>
    public abstract IndexEntry? CeilingPosition(long position);

    /// <param name="fromDisk">True to leave out what is in memory.</param>
    /// <param name="isChecked">True when the bytes are those that were checked when they were taken, so that they need not be
    /// again.</param>
    /// <returns>Bytes read; fewer only at the end.</returns>
    /// <exception cref="SegmentDeletedException">It was deleted.</exception>
    public abstract int Read(long position, Span<byte> into, bool fromDisk, out bool isChecked);

    public int Read(long position, Span<byte> into) => Read(position, into, fromDisk: false, out _);

    /// <summary>The time of its newest record, Unix milliseconds, as far as records can be believed.</summary>
    /// <remarks>
    /// A timestamp that lies in the future, or none, says nothing about the age: the time of the last write then stands for it, so that
    /// one wrong timestamp does not keep a segment for ever.
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
    /// Gives its space back. A read that is on its way goes on to its end; one that begins later meets a
    /// <see cref="SegmentDeletedException"/>.
    /// </summary>
    public abstract void Remove();

    /// <summary>Its partition was deleted, and its folder is about to be.</summary>
    public abstract void Abandon();

    public abstract void Dispose();
}
