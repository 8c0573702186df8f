namespace CloudTicks.Simulator.History;

/// <summary>
/// Reuses the arrays of removed chunks, because the garbage collector would free such old arrays late. Guarded by
/// <see cref="TickHistory"/>.
/// </summary>
internal sealed class ChunkRooms(int largest)
{
    private readonly Stack<byte[]> _free = [];

    public byte[] Take(int capacity) => capacity == largest && _free.TryPop(out var room) ? room : new byte[capacity];

    /// <summary>Recycles the array of a chunk without readers.</summary>
    public void GiveBack(byte[] room)
    {
        // Smaller arrays are needed only once per channel.
        if (room.Length == largest)
        {
            _free.Push(room);
        }
    }
}
