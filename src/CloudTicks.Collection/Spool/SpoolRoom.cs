using CloudTicks.Foundations.Disks;

namespace CloudTicks.Collection.Spool;

/// <summary>
/// How much the spool may take: its bound, or what the disk has left beyond a reserve, whichever is less. Once a level is reached it takes
/// clearly more room to leave it again, so that the gaps are few.
/// </summary>
/// <param name="maxBytes">The bound.</param>
/// <param name="disk">Tells the free space.</param>
/// <param name="folder">The spool's folder.</param>
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

    /// <summary>Looks at the disk.</summary>
    /// <returns>Bytes that may be written.</returns>
    public long Look()
    {
        var free = disk.FreeBytes(folder);
        Interlocked.Exchange(ref _freeBytes, free);
        return Math.Max(free - ReserveBytes, 0);
    }

    /// <summary>What the spool may take in all.</summary>
    /// <param name="onDisk">What it has on disk.</param>
    public long Limit(long onDisk) => Math.Min(MaxBytes, onDisk + Math.Max(FreeBytes - ReserveBytes, 0));

    /// <summary>How near the bound is. One caller at a time.</summary>
    /// <param name="onDisk">Bytes on disk.</param>
    /// <param name="waiting">Bytes that wait to be written.</param>
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
