using CloudTicks.Foundations.Disks;

namespace CloudTicks.Collection.Spool;

/// <summary>The spool's bound: the setting, or the disk's space less a reserve. Leaving a level takes clearly more room.</summary>
internal sealed class SpoolRoom(long maxBytes, Disk disk, string folder)
{
    /// <summary>Of the disk, this is left to others; less on a small one.</summary>
    public const long MaxReserveBytes = 64 << 20;

    private const int ReserveShare = 20;
    private const double ConflateFrom = 0.8;
    private const double ConflateUntil = 0.7;
    private const double RefuseUntil = 0.85;

    /// <summary>Kept for the records that are being packed when the bound is reached.</summary>
    private const long MaxPackedBytes = 8 << 20;

    private const int PackedShare = 8;

    private long _maxBytes = maxBytes;
    private long _freeBytes = long.MaxValue;
    private SpoolPressure _pressure;

    /// <summary>The bound; a lower one than what is on disk lets nothing more in, and deletes nothing.</summary>
    public long MaxBytes
    {
        get => Interlocked.Read(ref _maxBytes);
        set => Interlocked.Exchange(ref _maxBytes, value);
    }

    /// <summary>What of the disk is not used up.</summary>
    public long ReserveBytes { get; } = Math.Min(MaxReserveBytes, disk.TotalBytes(folder) / ReserveShare);

    /// <summary>Free bytes of the disk when it was last looked at.</summary>
    public long FreeBytes => Interlocked.Read(ref _freeBytes);

    public long Look()
    {
        var free = disk.FreeBytes(folder);
        Interlocked.Exchange(ref _freeBytes, free);
        return Math.Max(free - ReserveBytes, 0);
    }

    public long Limit(long onDisk) => Math.Min(MaxBytes, onDisk + Math.Max(FreeBytes - ReserveBytes, 0));

    /// <summary>How near the bound is. One caller at a time.</summary>
    public SpoolPressure Judge(long onDisk, long waiting)
    {
        var (used, limit) = ((double)onDisk + waiting, (double)Limit(onDisk));
        var full = limit - Math.Min(MaxPackedBytes, limit / PackedShare);
        _pressure = used >= full || (_pressure == SpoolPressure.Refuse && used >= limit * RefuseUntil) ? SpoolPressure.Refuse
            : used >= limit * ConflateFrom || (_pressure != SpoolPressure.None && used >= limit * ConflateUntil) ? SpoolPressure.Conflate
            : SpoolPressure.None;
        return _pressure;
    }
}
