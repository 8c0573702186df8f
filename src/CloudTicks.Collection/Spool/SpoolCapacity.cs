using CloudTicks.Foundations.Disks;

namespace CloudTicks.Collection.Spool;

/// <summary>
/// The spool's limit: the configured one, or the free disk space less a reserve, if smaller. The pressure has hysteresis when it falls.
/// </summary>
internal sealed class SpoolCapacity(long maxBytes, Disk disk, string folder)
{
    /// <summary>Maximum disk space that the spool leaves free for others; less on a small disk.</summary>
    public const long MaxReserveBytes = 64 << 20;

    private const int ReserveShare = 20;
    private const double ConflateFrom = 0.8;
    private const double ConflateUntil = 0.7;
    private const double RefuseUntil = 0.85;

    /// <summary>Maximum bytes reserved for records that are being packed when the limit is reached.</summary>
    private const long MaxPackedBytes = 8 << 20;

    private const int PackedShare = 8;

    private long _maxBytes = maxBytes;
    private long _freeBytes = long.MaxValue;
    private SpoolPressure _pressure;

    /// <summary>The configured limit. A limit below the current size refuses new records and deletes nothing.</summary>
    public long MaxBytes
    {
        get => Interlocked.Read(ref _maxBytes);
        set => Interlocked.Exchange(ref _maxBytes, value);
    }

    /// <summary>The disk space that the spool leaves free, in bytes.</summary>
    public long ReserveBytes { get; } = Math.Min(MaxReserveBytes, disk.TotalBytes(folder) / ReserveShare);

    /// <summary>The free bytes of the disk at the last <see cref="ReadFreeSpace"/>.</summary>
    public long FreeBytes => Interlocked.Read(ref _freeBytes);

    public long ReadFreeSpace()
    {
        var free = disk.FreeBytes(folder);
        Interlocked.Exchange(ref _freeBytes, free);
        return Math.Max(free - ReserveBytes, 0);
    }

    public long Limit(long onDisk) => Math.Min(MaxBytes, onDisk + Math.Max(FreeBytes - ReserveBytes, 0));

    /// <summary>The pressure at a size. Not thread-safe, because it remembers the last pressure.</summary>
    public SpoolPressure PressureAt(long onDisk, long waiting)
    {
        var (used, limit) = ((double)onDisk + waiting, (double)Limit(onDisk));
        var full = limit - Math.Min(MaxPackedBytes, limit / PackedShare);
        _pressure = used >= full || (_pressure == SpoolPressure.Refuse && used >= limit * RefuseUntil) ? SpoolPressure.Refuse
            : used >= limit * ConflateFrom || (_pressure != SpoolPressure.None && used >= limit * ConflateUntil) ? SpoolPressure.Conflate
            : SpoolPressure.None;
        return _pressure;
    }
}
