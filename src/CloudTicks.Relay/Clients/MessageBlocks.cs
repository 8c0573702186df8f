namespace CloudTicks.Relay.Clients;

/// <summary>
/// A pool of memory blocks for waiting messages. All blocks have the same size, so that a message grows without being copied, and is never
/// on the large object heap.
/// </summary>
internal sealed class MessageBlocks
{
    public const int BlockBytes = 32 * 1024;

    /// <summary>The maximum number of blocks kept for reuse, 16 MiB: enough for clients that keep up.</summary>
    private const int MaxPooledBlocks = 512;

    private readonly Lock _gate = new();
    private readonly Stack<byte[]> _pooled = new();

    public static MessageBlocks Shared { get; } = new();

    public byte[] Rent()
    {
        lock (_gate)
        {
            if (_pooled.TryPop(out var block))
                return block;
        }

        return GC.AllocateUninitializedArray<byte>(BlockBytes);
    }

    public void Return(List<byte[]> blocks)
    {
        lock (_gate)
        {
            foreach (var block in blocks)
            {
                if (_pooled.Count < MaxPooledBlocks)
                    _pooled.Push(block);
            }
        }
    }
}
