using CloudTicks.EventHub.Disks;

namespace CloudTicks.EventHub.Compaction;

/// <summary>Limits the rate of compaction so that clients are not affected, and stops it on a disk that is almost full.</summary>
/// <param name="bytesPerSecond">Maximum rate of reads and writes together; 0 means unlimited.</param>
internal sealed class CompactionPace(long bytesPerSecond, Func<long> roomBytes, CancellationToken stop)
{
    private static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(20);
    private long _bytes;

    /// <summary>Counts bytes that were read or written, and sleeps to keep the rate.</summary>
    /// <exception cref="OperationCanceledException">The event hub stops.</exception>
    public void Throttle(int bytes)
    {
        stop.ThrowIfCancellationRequested();
        _bytes += bytes;
        if (bytesPerSecond > 0 && TimeSpan.FromSeconds((double)_bytes / bytesPerSecond) is var pause && pause >= MinPause)
        {
            _bytes = 0;
            stop.WaitHandle.WaitOne(pause);
            stop.ThrowIfCancellationRequested();
        }
    }

    /// <exception cref="StorageException">The disk has no room for a copy.</exception>
    public void RequireRoom(long bytes)
    {
        if (roomBytes() < bytes)
        {
            throw new StorageException("the disk has no room for a copy of the segments");
        }
    }
}
