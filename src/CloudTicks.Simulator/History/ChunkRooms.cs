namespace CloudTicks.Simulator.History;

/// <summary>Reuses forgotten chunks' arrays, which garbage collection seldom visits. Guarded by <see cref="TickHistory"/>.</summary>
internal sealed class ChunkRooms(int largest)
{
    private readonly Stack<byte[]> _free = [];

    public byte[] Take(int capacity) => capacity == largest && _free.TryPop(out var room) ? room : new byte[capacity];

    /// <summary>Recycles the array of a chunk without readers.</summary>
    public void GiveBack(byte[] room)
    {
        // Small ones are begun only once a channel.
        if (room.Length == largest)
        {
            _free.Push(room);
        }
    }
}
