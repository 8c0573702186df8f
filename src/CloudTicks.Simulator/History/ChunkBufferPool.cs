namespace CloudTicks.Simulator.History;

/// <summary>
/// Reuses the arrays of removed chunks, because the garbage collector would free such old arrays late. Guarded by
/// <see cref="TickHistory"/>.
/// </summary>
internal sealed class ChunkBufferPool(int largest)
{
    private readonly Stack<byte[]> _free = [];

    public byte[] Rent(int capacity) => capacity == largest && _free.TryPop(out var buffer) ? buffer : new byte[capacity];

    /// <summary>Recycles the array of a chunk without readers.</summary>
    public void Return(byte[] buffer)
    {
        // Smaller arrays are needed only once per channel.
        if (buffer.Length == largest)
        {
            _free.Push(buffer);
        }
    }
}
