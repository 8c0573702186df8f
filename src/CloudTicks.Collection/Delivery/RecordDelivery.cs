using CloudTicks.Collection.Counters;
using CloudTicks.Collection.Records;
using CloudTicks.Collection.Spool;
using CloudTicks.Ticks.Status;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Delivery;

/// <summary>
/// Delivers records in order from their senders to the sink, through the spool while the sink is unavailable. <see cref="DeliveryState"/>
/// decides; <see cref="SpoolWriter"/>, <see cref="SpoolDrain"/> and <see cref="DeliveryWatch"/> do the work. Thread-safe.
/// </summary>
internal sealed class RecordDelivery : IAsyncDisposable
{
    private const int SegmentsPerSpool = 16;
    private const long MinSegmentBytes = 1 << 20;
    private const long MaxSegmentBytes = 64 << 20;

    private readonly IRecordSink _sink;
    private readonly CollectorCounters _counters;
    private readonly ILogger _logger;
    private readonly RecordSpool _spool;
    private readonly SpoolLevel _level;
    private readonly DeliveryCoordinator _coordinator;
    private readonly DeliveryWatch _watch;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _loops;

    /// <exception cref="CollectorException">The spool cannot be used; the message says why.</exception>
    public RecordDelivery(
        IRecordSink sink, DeliveryOptions options, CollectorCounters counters, Action<MissedTicks> reportMissed, TimeProvider time,
        ILogger logger)
    {
        (_sink, _counters, _logger) = (sink, counters, logger);
        _spool = OpenSpool(options, counters, time, logger);
        _spool.OnDamage = new DamageReport(counters, reportMissed, options.OnGapsLost, time, logger).Report;
        _level = new SpoolLevel(options, _spool, counters.Spool, time, logger);
        _coordinator = new DeliveryCoordinator(sink, _spool, _level, options, counters, time, logger, _stopping.Token);
        if (_spool.Records > 0)
        {
            logger.SpoolFound(_spool.Records, new(_spool.Bytes), options.Folder);
        }

        _watch = new DeliveryWatch(_coordinator, _spool, _level, options.Folder, time, logger);
        _coordinator.DrainSignal.Set();
        _loops = Task.WhenAll(
            RunAsync(new SpoolWriter(_coordinator, _spool, _level, time).RunAsync), RunAsync(new SpoolDrain(_coordinator, _spool).RunAsync),
            RunAsync(_watch.RunAsync));
    }

    /// <summary>How long the sink has acknowledged nothing although records wait; null when it acknowledges.</summary>
    public TimeSpan? UnavailableFor => _sink.UnavailableFor;

    /// <summary>Why the sink acknowledges nothing; null when it acknowledges or the reason is unknown.</summary>
    public string? UnavailableReason => _sink.UnavailableReason;

    public long SpoolMaxBytes
    {
        get => _level.MaxBytes;
        set => _level.MaxBytes = value;
    }

    /// <summary>How full the spool is. Checked for each tick.</summary>
    public SpoolPressure Pressure => _level.Pressure;

    /// <summary>
    /// Accepts one record. The outer task completes when the record's position in the order is fixed: await it before sending the next
    /// record of the same partition. The inner task completes when the record is safe: the sink has acknowledged it, or it is durable on
    /// disk.
    /// </summary>
    /// <exception cref="CollectorException">No more records are accepted: the sink refused one permanently, or a loop failed.</exception>
    public async ValueTask<Task> SendAsync(OutgoingRecord record, CancellationToken cancellationToken)
    {
        var deliveryRecord = new DeliveryRecord(record);
        while (_coordinator.TryAccept(deliveryRecord) is { } roomMade)
        {
            await roomMade.WaitAsync(cancellationToken);
        }

        return deliveryRecord.Safe;
    }

    /// <summary>Accepts a rejected element for the dead letters. When the spool is full the element is dropped and counted.</summary>
    public async Task SendDeadLetterAsync(ReadOnlyMemory<byte> raw, string reason)
    {
        if (Pressure == SpoolPressure.Refuse)
        {
            _counters.Spool.DeadLetterDropped();
            return;
        }

        await SendAsync(DeadLetterRecord.Of(raw.Span, reason), _stopping.Token);
    }

    /// <summary>Completes when every record accepted so far is acknowledged or on disk.</summary>
    /// <exception cref="CollectorException">No more records are accepted: the sink refused one permanently, or a loop failed.</exception>
    public async Task FlushAsync(CancellationToken cancellationToken) => await _coordinator.AllSafe().WaitAsync(cancellationToken);

    /// <summary>Writes all unacknowledged records to disk, and stops handing records to the sink. The next run delivers them.</summary>
    public void SpoolAll() => _coordinator.Close();

    public SpoolStatus GetStatus()
    {
        var (isSpooling, isStalled) = _coordinator.Phase;
        var counters = _counters.Spool;
        return new SpoolStatus
        {
            State = isSpooling && isStalled ? SpoolStatus.Filling
                : isSpooling || _spool.Records > 0 ? SpoolStatus.Draining : SpoolStatus.Empty,
            Bytes = _spool.Bytes,
            Records = _spool.Records,
            OldestMs = _spool.OldestMs,
            LimitBytes = _level.LimitBytes,
            FreeBytes = _level.FreeBytes,
            Pressure = Pressure.ToString().ToLowerInvariant(),
            Trouble = _level.Trouble,
            SpooledTicks = counters.SpooledTicks,
            DrainedTicks = counters.DrainedTicks,
            EarlierTicks = counters.EarlierTicks,
            ConflatedTicks = counters.ConflatedTicks,
            RefusedTicks = counters.RefusedTicks,
            DamagedRecords = counters.DamagedRecords,
            LettersLeftOut = counters.LettersLeftOut,
            Flushes = _spool.Flushes,
        };
    }

    /// <summary>Stops delivering; records that are neither acknowledged nor on disk are lost.</summary>
    public async ValueTask DisposeAsync()
    {
        _coordinator.Fail(new ObjectDisposedException(nameof(RecordDelivery)));
        var pendingHandover = _coordinator.PendingHandover;
        await _stopping.CancelAsync();
        await pendingHandover;
        await _loops;
        _watch.Dispose();
        _watch.TrimSpool();
        _spool.Dispose();
        _stopping.Dispose();
    }

    private async Task RunAsync(Func<CancellationToken, Task> loop)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await loop(_stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
        catch (Exception exception)
        {
            _coordinator.Fail(exception);
            _logger.DeliveryFailed(exception);
        }
    }

    private static RecordSpool OpenSpool(DeliveryOptions options, CollectorCounters counters, TimeProvider time, ILogger logger)
    {
        try
        {
            var segmentBytes = Math.Clamp(options.SpoolMaxBytes / SegmentsPerSpool, MinSegmentBytes, MaxSegmentBytes);
            return RecordSpool.Open(options.Folder, options.Disk, segmentBytes, time, (path, bytes) =>
            {
                counters.Spool.TornTailFound();
                logger.TornTail(path, new(bytes));
                // The removed bytes may include gap records that were complete before the file was damaged.
                options.OnGapsLost(null);
            });
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CollectorException(
                $"The spool in {options.Folder} cannot be opened ({exception.Message.TrimEnd('.')}): let this user write there, free disk "
                    + "space, or set Collector:DataFolder to another folder.",
                exception);
        }
    }
}
