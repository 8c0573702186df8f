using CloudTicks.Collection.Batching;
using CloudTicks.Collection.Counters;
using CloudTicks.Collection.Delivery;
using CloudTicks.Collection.Gaps;
using CloudTicks.Collection.Intake;
using CloudTicks.Collection.Outlets;
using CloudTicks.Collection.Storage;
using CloudTicks.Collection.Subscriptions;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks.Checks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CloudTicks.Collection.Running;

/// <summary>
/// One run of the collector in three phases: start creates the parts, collect runs them, drain stops them and waits until all ticks
/// are acknowledged or on disk.
/// </summary>
internal sealed class CollectionRun(
    IOptionsMonitor<CollectorOptions> settings, FrameQueue frames, WantedChannels wanted, FeedSessions sessions, GapService gaps,
    CollectorCounters counters, CollectorMetrics metrics, DrainTimings timings, TimeProvider time, ILogger<CollectorService> logger)
{
    /// <summary>The number of queued bytes below which received ticks count as decoded without a long wait.</summary>
    private const long MaxSmallQueueBytes = 1 << 20;

    private static readonly TimeSpan MaxAge = TimeSpan.FromDays(3);
    private static readonly TimeSpan MaxLead = TimeSpan.FromMinutes(1);

    private volatile Outlet? _outlet;
    private volatile RecordDelivery? _delivery;

    /// <summary>The destination of the records; null before it is open.</summary>
    public Outlet? Outlet => _outlet;

    public RecordDelivery? Delivery => _delivery;

    /// <summary>Collects until stopped, then drains until everything received is acknowledged or on disk.</summary>
    /// <exception cref="CollectorException">The drain timed out, or a part failed.</exception>
    /// <exception cref="EventStream.EventStreamException">The event hub refused a record.</exception>
    public async Task RunAsync(CollectorOptions options, DataFolder folder, Outlet outlet, CancellationToken stoppingToken)
    {
        _outlet = outlet;
        await using var delivery = OpenDelivery(options, folder, outlet);
        _delivery = delivery;
        var batcher = OpenBatcher(delivery, options, outlet);
        var check = options.AgeCheck ? new TickCheck(MaxAge, MaxLead) : new TickCheck(null, null);
        check.RefusesCrossedCurrencies = options.RefuseCrossedCurrencies;
        using var subscription = settings.OnChange(changed =>
        {
            batcher.Pace = changed.BatchInterval is null ? outlet.Pace : null;
            (batcher.Linger, delivery.SpoolMaxBytes) = (changed.BatchInterval ?? outlet.Linger, changed.SpoolMaxBytes);
            check.RefusesCrossedCurrencies = changed.RefuseCrossedCurrencies;
        });
        var rejected = new RejectedElements(outlet.WriteDeadLetterAsync ?? delivery.SendDeadLetterAsync);
        var intake = new TickIntake(frames, wanted, check, batcher, rejected, counters, metrics, time, logger);

        using var parts = await StartAsync(intake, delivery, options, folder, outlet, stoppingToken);
        await CollectAsync(parts, stoppingToken);
        await DrainAsync(parts, delivery);
    }

    private RecordDelivery OpenDelivery(CollectorOptions options, DataFolder folder, Outlet outlet) => new(
        outlet.Sink,
        new DeliveryOptions
        {
            Folder = folder.Folder(outlet.Spool),
            SpoolMaxBytes = options.SpoolMaxBytes,
            FeedWaits = options.FeedWaits,
            OnAccepted = outlet.Redis is { } redis ? redis.Offer : null,
            OnGapsLost = partition => gaps.PublishAgain(partition, outlet.Partitions),
            Disk = folder.Disk,
        },
        counters, gaps.OnMissed, time, logger);

    private TickBatcher OpenBatcher(RecordDelivery delivery, CollectorOptions options, Outlet outlet) => new(
        delivery, new TickShedding(counters.Spool, gaps.OnMissed), outlet.Partitions, options.BatchInterval ?? outlet.Linger, time,
        frames.Wake)
    {
        Pace = options.BatchInterval is null ? outlet.Pace : null,
    };

    /// <summary>Opens gaps for the time since the last run, then starts the sessions: the ledger must have these gaps first.</summary>
    private async Task<RunningParts> StartAsync(
        TickIntake intake, RecordDelivery delivery, CollectorOptions options, DataFolder folder, Outlet outlet,
        CancellationToken stoppingToken)
    {
        sessions.ReportChangesToGaps();
        await gaps.PrepareAsync(wanted.Channels, outlet.Partitions, stoppingToken);
        return new RunningParts(
            intake, stopping => sessions.RunAsync(options, folder, outlet.Partitions, stopping),
            stopping => gaps.RunAsync(
                delivery.SendAsync, outlet.Partitions, () => frames.Bytes < MaxSmallQueueBytes && delivery.UnavailableFor is null,
                () => delivery.GetStatus().Records == 0, stopping),
            time, stoppingToken);
    }

    /// <summary>Completes when stopped, or when a part ends, for example because the event hub refused a record.</summary>
    private async Task CollectAsync(RunningParts parts, CancellationToken stoppingToken) => await Task.WhenAny(
        parts.Decoding, parts.Receiving, parts.TrackingGaps, Task.Delay(Timeout.InfiniteTimeSpan, time, stoppingToken));

    private async Task DrainAsync(RunningParts parts, RecordDelivery delivery)
    {
        parts.DrainDeadline.CancelAfter(timings.Timeout);
        // If the event hub does not acknowledge all records in time, they are written to disk, which is fast.
        await using var spoolTimer = time.CreateTimer(_ => delivery.SpoolAll(), null, timings.HubTimeout, Timeout.InfiniteTimeSpan);
        await parts.SessionsCancellation.CancelAsync();
        await parts.Receiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // Stop tracking gaps only after the sessions, because the end of a session opens gaps.
        await parts.GapsCancellation.CancelAsync();
        await parts.TrackingGaps.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        parts.Intake.Complete();
        try
        {
            await parts.Decoding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (parts.Decoding.IsCanceled)
            {
                await parts.Decoding;
            }

            await delivery.FlushAsync(parts.DrainDeadline.Token);
        }
        catch (OperationCanceledException) when (parts.DrainDeadline.IsCancellationRequested)
        {
            throw new CollectorException(
                $"the stop timed out: {counters.InFlight} records in memory are neither acknowledged nor written to disk, and may or may "
                + "not be in the archive.");
        }

        var rejected = counters.RejectedTotal;
        logger.Stopped(counters.Received, counters.Archived, rejected);
        if (delivery.GetStatus() is { Records: > 0 and var remaining } spool)
        {
            logger.RecordsOnDisk(remaining, new(spool.Bytes));
        }

        // Rethrow a part's failure only now, when everything received is acknowledged or on disk.
        foreach (var part in (Task[])[parts.Decoding, parts.Receiving, parts.TrackingGaps])
        {
            if (part.IsFaulted)
            {
                await part;
            }
        }
    }
}
