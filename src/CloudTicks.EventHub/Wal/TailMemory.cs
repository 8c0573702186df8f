namespace CloudTicks.EventHub.Wal;

/// <summary>
/// The batches written last, by their positions in the log, so that readers at the end need neither the disk nor the checksum a second
/// time.
/// One thread writes; a reader whose bytes are overwritten meanwhile notices.
/// </summary>
internal sealed class TailMemory(int bytes)
{
    /// <summary>
    /// A larger batch is not kept, nor what was before it: while it is copied, all that was flushed with it or behind it waits for its
    /// answer.
    /// </summary>
    public const int MaxBatchBytes = 1024 * 1024;

    private const int ChunkBytes = 256 * 1024;
    private readonly byte[]?[] _chunks = new byte[]?[bytes / ChunkBytes];
    private long _from;
    private long _to;

    private long Capacity => (long)_chunks.Length * ChunkBytes;

    /// <summary>Before the first write: what lies before a position was not written here.</summary>
    public void Begin(long position) => _from = _to = position;

    /// <summary>Takes a batch; positions grow.</summary>
    public void Write(long position, ReadOnlySpan<byte> batch)
    {
        var end = position + batch.Length;
        Volatile.Write(ref _from, Math.Max(_from, Math.Min(end - Capacity, end)));
        Interlocked.MemoryBarrier();
        if (batch.Length > Math.Min(Capacity, MaxBatchBytes))
        {
            Volatile.Write(ref _from, end);
            batch = default;
        }

        for (; batch.Length > 0;)
        {
            var place = Place(position, batch.Length, isWritten: true);
            batch[..place.Length].CopyTo(place);
            batch = batch[place.Length..];
            position += place.Length;
        }

        Volatile.Write(ref _to, end);
    }

    /// <summary>Copies what was written at a position; false when it is not all here any more.</summary>
    public bool TryRead(long position, Span<byte> into)
    {
        var (from, end) = (position, position + into.Length);
        if (end > Volatile.Read(ref _to) || from < Volatile.Read(ref _from))
        {
            return false;
        }

        while (into.Length > 0)
        {
            var place = Place(position, into.Length, isWritten: false);
            if (place.Length == 0)
            {
                return false;
            }

            place.CopyTo(into);
            into = into[place.Length..];
            position += place.Length;
        }

        Interlocked.MemoryBarrier();
        return from >= Volatile.Read(ref _from);
    }

    private Span<byte> Place(long position, int length, bool isWritten)
    {
        ref var chunk = ref _chunks[position / ChunkBytes % _chunks.Length];
        if (isWritten)
        {
            chunk ??= GC.AllocateUninitializedArray<byte>(ChunkBytes);
        }

        var at = (int)(position % ChunkBytes);
        return chunk is null ? default : chunk.AsSpan(at, Math.Min(length, ChunkBytes - at));
    }
}
