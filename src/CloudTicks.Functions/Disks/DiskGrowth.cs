namespace CloudTicks.Functions.Disks;

/// <summary>
/// Computes the average growth of a disk over the last six hours, a period that includes several hourly chunk drops. The growth is unknown
/// for the first ten minutes.
/// </summary>
internal sealed class DiskGrowth(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(6);
    private static readonly TimeSpan MinObserved = TimeSpan.FromMinutes(10);

    private readonly Queue<(long At, long? Bytes, long? FreeBytes)> _readings = [];

    /// <summary>Adds a reading.</summary>
    /// <returns>The growth of the content and the shrinkage of the free space, bytes per hour; null when unknown.</returns>
    public (double? Growth, double? Shrinkage) Add(DiskReading reading)
    {
        var now = time.GetTimestamp();
        while (_readings.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At, now) > Window)
        {
            _readings.Dequeue();
        }

        _readings.Enqueue((now, reading.Bytes, reading.FreeBytes));
        var first = _readings.Peek();
        var observed = time.GetElapsedTime(first.At, now);
        return observed < MinObserved
            ? (null, null)
            : ((reading.Bytes - first.Bytes) / observed.TotalHours, (first.FreeBytes - reading.FreeBytes) / observed.TotalHours);
    }
}
