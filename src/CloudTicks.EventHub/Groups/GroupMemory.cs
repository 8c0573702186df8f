namespace CloudTicks.EventHub.Groups;

/// <summary>Limits the memory of all groups: the metadata and the assignments of their members.</summary>
/// <param name="maxBytes">Maximum bytes, above which no member is accepted. The default is low enough that the snapshot of one
/// group fits into a log record.</param>
internal sealed class GroupMemory(long maxBytes = 128 * 1024 * 1024)
{
    private long _bytes;

    public bool HasRoomFor(long bytes) => Interlocked.Read(ref _bytes) + bytes <= maxBytes;

    /// <summary>Adds a difference in bytes, positive or negative.</summary>
    public void Add(long bytes) => Interlocked.Add(ref _bytes, bytes);
}
