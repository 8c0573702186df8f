namespace CloudTicks.Simulator.History;

/// <summary>
/// Reuses the arrays of removed chunks, because the garbage collector frees such old arrays late. Guarded by <see cref="TickHistory"/>.
/// </summary>
internal sealed class ChunkBufferPool(int maxBytes)
{
    private readonly Stack<byte[]> _free = [];

    public byte[] Rent(int capacity) => capacity == maxBytes && _free.TryPop(out var buffer) ? buffer : new byte[capacity];

    /// <summary>Puts the array of a removed chunk back into the pool. No reader may use it any more.</summary>
    public void Return(byte[] buffer)
    {
        // Smaller arrays are needed only once per channel, so they are not kept.
        if (buffer.Length == maxBytes)
        {
            _free.Push(buffer);
        }
    }
}
