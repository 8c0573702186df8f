using CloudTicks.Collection.Counters;
using CloudTicks.Collection.Spool;
using CloudTicks.Foundations;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Delivery;

/// <summary>Tracks and logs how full the spool is and whether its disk can be written.</summary>
internal sealed class SpoolLevel(DeliveryOptions options, RecordSpool spool, SpoolCounters counters, TimeProvider time, ILogger logger)
{
    private readonly SpoolCapacity _capacity = new(options.SpoolMaxBytes, options.Disk, options.Folder);
    private readonly OutageLog _writeOutage = new(time);
    private int _pressure;
    private volatile string? _trouble;
    private bool _isDiskShortLogged;

    /// <summary>How full the spool is. Checked for each tick.</summary>
    public SpoolPressure Pressure => (SpoolPressure)Volatile.Read(ref _pressure);

    /// <summary>Why the disk cannot be written; null when it can.</summary>
    public string? Trouble => _trouble;

    public long MaxBytes
    {
        get => _capacity.MaxBytes;
        set => _capacity.MaxBytes = value;
    }

    public long LimitBytes => _capacity.Limit(spool.Bytes);

    public long FreeBytes => _capacity.FreeBytes;

    public void ReadFreeSpace()
    {
        _capacity.ReadFreeSpace();
        counters.SetSize(spool.Bytes, spool.Records, spool.Flushes);
        var isShort = LimitBytes < _capacity.MaxBytes;
        if (isShort && !_isDiskShortLogged)
        {
            logger.DiskShort(options.Folder, new(_capacity.FreeBytes), new(LimitBytes), new(_capacity.MaxBytes));
        }

        _isDiskShortLogged = isShort;
    }

    /// <summary>Whether the spool is below the size at which quotes are conflated. Like <see cref="Update"/>, not thread-safe.</summary>
    public bool HasRoom(long unwrittenBytes) => _capacity.PressureAt(spool.Bytes, unwrittenBytes) == SpoolPressure.None;

    public void Update(bool isSpooling, long unwrittenBytes)
    {
        var pressure = !isSpooling || options.FeedWaits ? SpoolPressure.None
            : _trouble is not null ? SpoolPressure.Refuse
            : _capacity.PressureAt(spool.Bytes, unwrittenBytes);
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
        if (_capacity.ReadFreeSpace() < bytes)
        {
            throw new IOException($"less than {new ByteSize(_capacity.ReserveBytes + bytes)} are free");
        }
    }

    public void OnWritable()
    {
        _trouble = null;
        if (_writeOutage.End(out _))
        {
            logger.SpoolWritable(options.Folder);
        }
    }

    public void OnUnwritable(string reason)
    {
        if (_writeOutage.Failed(out _) != OutageNotice.None)
        {
            logger.SpoolUnwritable(options.Folder, reason);
        }

        _trouble = reason;
    }

    public void ClearTrouble()
    {
        _trouble = null;
        _writeOutage.End(out _);
    }
}
