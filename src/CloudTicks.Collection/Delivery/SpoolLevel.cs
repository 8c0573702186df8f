using CloudTicks.Collection.Counters;
using CloudTicks.Collection.Spool;
using CloudTicks.Foundations;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Delivery;

/// <summary>Tracks and logs how full the spool is and whether its disk can be written.</summary>
internal sealed class SpoolLevel(DeliveryOptions options, RecordSpool spool, SpoolCounters counters, TimeProvider time, ILogger logger)
{
    private readonly SpoolCapacity _room = new(options.SpoolMaxBytes, options.Disk, options.Folder);
    private readonly OutageLog _unwritable = new(time);
    private int _pressure;
    private volatile string? _trouble;
    private bool _isDiskShortLogged;

    /// <summary>How full the spool is. Checked for each tick.</summary>
    public SpoolPressure Pressure => (SpoolPressure)Volatile.Read(ref _pressure);

    /// <summary>Why the disk cannot be written; null when it can.</summary>
    public string? Trouble => _trouble;

    public long MaxBytes
    {
        get => _room.MaxBytes;
        set => _room.MaxBytes = value;
    }

    public long LimitBytes => _room.Limit(spool.Bytes);

    public long FreeBytes => _room.FreeBytes;

    public void ReadFreeSpace()
    {
        _room.ReadFreeSpace();
        counters.SetSize(spool.Bytes, spool.Records, spool.Flushes);
        var isShort = LimitBytes < _room.MaxBytes;
        if (isShort && !_isDiskShortLogged)
        {
            logger.DiskShort(options.Folder, new(_room.FreeBytes), new(LimitBytes), new(_room.MaxBytes));
        }

        _isDiskShortLogged = isShort;
    }

    /// <summary>Whether the spool is below the size at which quotes are conflated. Like <see cref="Update"/>, not thread-safe.</summary>
    public bool HasRoom(long unwrittenBytes) => _room.PressureAt(spool.Bytes, unwrittenBytes) == SpoolPressure.None;

    public void Update(bool isSpooling, long unwrittenBytes)
    {
        var pressure = !isSpooling || options.FeedWaits ? SpoolPressure.None
            : _trouble is not null ? SpoolPressure.Refuse
            : _room.PressureAt(spool.Bytes, unwrittenBytes);
        if (pressure == (SpoolPressure)Interlocked.Exchange(ref _pressure, (int)pressure))
        {
            return;
        }

        switch (pressure)
        {
            case SpoolPressure.Refuse:
                logger.SpoolFull(options.Folder, new(spool.Bytes), new(LimitBytes));
                break;
            case SpoolPressure.Conflate:
                logger.SpoolNearlyFull(options.Folder, new(spool.Bytes), new(LimitBytes));
                break;
            default:
                logger.SpoolHasRoom(options.Folder);
                break;
        }
    }

    /// <exception cref="IOException">The free disk space is less than the reserve plus <paramref name="bytes"/>.</exception>
    public void RequireRoom(long bytes)
    {
        if (_room.ReadFreeSpace() < bytes)
        {
            throw new IOException($"less than {new ByteSize(_room.ReserveBytes + bytes)} are free");
        }
    }

    public void OnWritable()
    {
        _trouble = null;
        if (_unwritable.End(out _))
        {
            logger.SpoolWritable(options.Folder);
        }
    }

    public void OnUnwritable(string reason)
    {
        if (_unwritable.Failed(out _) != OutageNotice.None)
        {
            logger.SpoolUnwritable(options.Folder, reason);
        }

        _trouble = reason;
    }

    public void ClearTrouble()
    {
        _trouble = null;
        _unwritable.End(out _);
    }
}
