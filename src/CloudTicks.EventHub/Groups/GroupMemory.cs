namespace CloudTicks.EventHub.Groups;

/// <summary>A bound on the memory of all groups together: what their members said about themselves and were assigned.</summary>
/// <param name="mostBytes">From here on nobody is taken in. One group's image must fit into a record of the log with it.</param>
internal sealed class GroupMemory(long mostBytes = 128 * 1024 * 1024)
{
    private long _bytes;

    public bool HasRoomFor(long bytes) => Interlocked.Read(ref _bytes) + bytes <= mostBytes;

    /// <summary>Counts what a member takes up more, or less, than before.</summary>
    public void Count(long bytes) => Interlocked.Add(ref _bytes, bytes);
}
