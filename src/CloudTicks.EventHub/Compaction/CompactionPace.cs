using CloudTicks.EventHub.Disks;

namespace CloudTicks.EventHub.Compaction;

/// <summary>Keeps compaction slow, so that clients do not feel it, and off a disk that is nearly full.</summary>
/// <param name="bytesPerSecond">Read and written together; 0: as fast as it goes.</param>
internal sealed class CompactionPace(long bytesPerSecond, Func<long> roomBytes, CancellationToken stop)
{
    private static readonly TimeSpan ShortestRest = TimeSpan.FromMilliseconds(20);
    private long _bytes;

    /// <summary>So many bytes were read or written: rests as long as they are worth.</summary>
    /// <exception cref="OperationCanceledException">The hub stops.</exception>
    public void Took(int bytes)
    {
        stop.ThrowIfCancellationRequested();
        _bytes += bytes;
        if (bytesPerSecond > 0 && TimeSpan.FromSeconds((double)_bytes / bytesPerSecond) is var rest && rest >= ShortestRest)
        {
            _bytes = 0;
            stop.WaitHandle.WaitOne(rest);
            stop.ThrowIfCancellationRequested();
        }
    }

    /// <exception cref="StorageException">The disk has not the room for a copy.</exception>
    public void RequireRoom(long bytes)
    {
        if (roomBytes() < bytes)
        {
            throw new StorageException("the disk has no room for a copy of the segments");
        }
    }
}
