namespace CloudTicks.Functions.Disks;

/// <summary>
/// Computes the average growth of a disk over the last six hours, a period that includes several hourly chunk drops. The growth is unknown
/// for the first ten minutes.
/// </summary>
internal sealed class DiskGrowth(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(6);
    private static readonly TimeSpan MinObserved = TimeSpan.FromMinutes(10);

    private readonly Queue<(long At, long? Bytes, long? FreeBytes)> _seen = [];

    /// <summary>Adds a reading.</summary>
    /// <returns>The growth of the content and the shrinkage of the free space, bytes per hour; null when unknown.</returns>
    public (double? Growth, double? Shrinkage) Add(DiskReading reading)
    {
        var now = time.GetTimestamp();
        while (_seen.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At, now) > Window)
        {
            _seen.Dequeue();
        }

        _seen.Enqueue((now, reading.Bytes, reading.FreeBytes));
        var first = _seen.Peek();
        var seen = time.GetElapsedTime(first.At, now);
        return seen < MinObserved
            ? (null, null)
            : ((reading.Bytes - first.Bytes) / seen.TotalHours, (first.FreeBytes - reading.FreeBytes) / seen.TotalHours);
    }
}
