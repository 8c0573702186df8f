using CloudTicks.Foundations.Disks;

namespace CloudTicks.Collection.Spool;

/// <summary>
/// The spool's limit: the configured maximum, or less if the disk would otherwise have less free space than the reserve. The pressure falls
/// with hysteresis.
/// </summary>
internal sealed class SpoolCapacity(long maxBytes, Disk disk, string folder)
{
    /// <summary>The maximum reserve, in bytes: disk space that the spool leaves free. On a small disk the reserve is smaller.</summary>
    public const long MaxReserveBytes = 64 << 20;

    private const int ReserveDivisor = 20;
    private const double ConflateFrom = 0.8;
    private const double ConflateUntil = 0.7;
    private const double RefuseUntil = 0.85;

    /// <summary>Maximum bytes reserved for records that are being packed when the limit is reached.</summary>
    private const long MaxPackedBytes = 8 << 20;

    private const int PackedDivisor = 8;

    private long _maxBytes = maxBytes;
    private long _freeBytes = long.MaxValue;
    private SpoolPressure _pressure;

    /// <summary>The configured limit. If it is below the current size, new records are refused and nothing is deleted.</summary>
    public long MaxBytes
    {
        get => Interlocked.Read(ref _maxBytes);
        set => Interlocked.Exchange(ref _maxBytes, value);
    }

    /// <summary>The disk space that the spool leaves free, in bytes.</summary>
    public long ReserveBytes { get; } = Math.Min(MaxReserveBytes, disk.TotalBytes(folder) / ReserveDivisor);

    /// <summary>The free bytes of the disk at the last <see cref="ReadFreeSpace"/>.</summary>
    public long FreeBytes => Interlocked.Read(ref _freeBytes);

    public long ReadFreeSpace()
    {
        var free = disk.FreeBytes(folder);
        Interlocked.Exchange(ref _freeBytes, free);
        return Math.Max(free - ReserveBytes, 0);
    }

    public long Limit(long bytesOnDisk) => Math.Min(MaxBytes, bytesOnDisk + Math.Max(FreeBytes - ReserveBytes, 0));

    /// <summary>The pressure at a size. Not thread-safe, because the last pressure is remembered for the hysteresis.</summary>
    public SpoolPressure PressureAt(long bytesOnDisk, long waitingBytes)
    {
        var (used, limit) = ((double)bytesOnDisk + waitingBytes, (double)Limit(bytesOnDisk));
        var refuseFrom = limit - Math.Min(MaxPackedBytes, limit / PackedDivisor);
        _pressure = used >= refuseFrom || (_pressure == SpoolPressure.Refuse && used >= limit * RefuseUntil) ? SpoolPressure.Refuse
            : used >= limit * ConflateFrom || (_pressure != SpoolPressure.None && used >= limit * ConflateUntil) ? SpoolPressure.Conflate
            : SpoolPressure.None;
        return _pressure;
    }
}
