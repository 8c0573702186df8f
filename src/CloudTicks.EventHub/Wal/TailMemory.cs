namespace CloudTicks.EventHub.Wal;

/// <summary>
/// Holds the newest batches by their log positions, so that readers at the end need neither the disk nor another check of the checksum. One
/// thread writes; a reader detects when its bytes are overwritten concurrently.
/// </summary>
internal sealed class TailMemory(int bytes)
{
    /// <summary>
    /// Maximum bytes of a batch that is kept. A larger batch is not kept, and removes the batches before it: copying a large batch would
    /// delay the acknowledgement of everything that was flushed with it or after it.
    /// </summary>
    public const int MaxBatchBytes = 1024 * 1024;

    private const int ChunkBytes = 256 * 1024;
    private readonly byte[]?[] _chunks = new byte[]?[bytes / ChunkBytes];
    private long _from;
    private long _to;

    private long Capacity => (long)_chunks.Length * ChunkBytes;

    /// <summary>Sets the first available position; called before the first write.</summary>
    public void Begin(long position) => _from = _to = position;

    /// <summary>Stores a batch; positions must increase.</summary>
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
            var bytes = ChunkAt(position, batch.Length, isWritten: true);
            batch[..bytes.Length].CopyTo(bytes);
            batch = batch[bytes.Length..];
            position += bytes.Length;
        }

        Volatile.Write(ref _to, end);
    }

    /// <summary>Copies bytes at a position; false when they are not all available.</summary>
    public bool TryRead(long position, Span<byte> into)
    {
        var (from, end) = (position, position + into.Length);
        if (end > Volatile.Read(ref _to) || from < Volatile.Read(ref _from))
        {
            return false;
        }

        while (into.Length > 0)
        {
            var bytes = ChunkAt(position, into.Length, isWritten: false);
            if (bytes.Length == 0)
            {
                return false;
            }

            bytes.CopyTo(into);
            into = into[bytes.Length..];
            position += bytes.Length;
        }

        Interlocked.MemoryBarrier();
        return from >= Volatile.Read(ref _from);
    }

    private Span<byte> ChunkAt(long position, int length, bool isWritten)
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
