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

/// <summary>One run in three phases: start assembles the parts, collect runs them, drain stops them and saves all ticks.</summary>
internal sealed class CollectionRun(
    IOptionsMonitor<CollectorOptions> settings, FrameQueue frames, WantedChannels wanted, FeedSessions sessions, GapKeeping gaps,
    CollectorCounters counters, CollectorMetrics metrics, TimeProvider time, ILogger<CollectorService> logger)
{
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(3.5);
    private static readonly TimeSpan HubTime = TimeSpan.FromSeconds(1.5);

    /// <summary>Bytes of frames that are decoded at once.</summary>
    private const long SmallQueue = 1 << 20;

    private static readonly TimeSpan MaxAge = TimeSpan.FromDays(3);
    private static readonly TimeSpan MaxLead = TimeSpan.FromMinutes(1);

    private volatile Outlet? _outlet;
    private volatile RecordDelivery? _delivery;

    /// <summary>Where the records go; null before it is open.</summary>
    public Outlet? Outlet => _outlet;

    public RecordDelivery? Delivery => _delivery;

    /// <summary>Collects until stopped, and then until everything received is safe.</summary>
    /// <exception cref="CollectorException">What was received could not be made safe in time, or a part has failed.</exception>
    public async Task RunAsync(CollectorOptions options, DataFolder folder, Outlet outlet, CancellationToken stoppingToken)
    {
        _outlet = outlet;
        await using var delivery = OpenDelivery(options, folder, outlet);
        _delivery = delivery;
        var batcher = OpenBatcher(delivery, options, outlet);
        var check = options.AgeCheck ? new TickCheck(MaxAge, MaxLead) : new TickCheck(null, null);
        check.RefusesCrossedCurrencies = options.RefuseCrossedCurrencies;
        using var following = settings.OnChange(changed =>
        {
            batcher.Pace = changed.BatchInterval is null ? outlet.Pace : null;
            (batcher.Linger, delivery.SpoolMaxBytes) = (changed.BatchInterval ?? outlet.Linger, changed.SpoolMaxBytes);
            check.RefusesCrossedCurrencies = changed.RefuseCrossedCurrencies;
        });
        var rejected = new RejectedElements(outlet.WriteDeadLetterAsync ?? delivery.SendLetterAsync);
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
            OnTaken = outlet.Redis is { } redis ? redis.Offer : null,
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

    /// <summary>The gaps since the last run come first: no session may begin before they are in the ledger.</summary>
    private async Task<RunningParts> StartAsync(
        TickIntake intake, RecordDelivery delivery, CollectorOptions options, DataFolder folder, Outlet outlet,
        CancellationToken stoppingToken)
    {
        sessions.ReportCoverage();
        await gaps.PrepareAsync(wanted.Channels, outlet.Partitions, stoppingToken);
        return new RunningParts(
            intake, stopping => sessions.RunAsync(options, folder, outlet.Partitions, stopping),
            stopping => gaps.RunAsync(
                delivery.SendAsync, outlet.Partitions, () => frames.Bytes < SmallQueue && delivery.AwayFor is null,
                () => delivery.GetStatus().Records == 0, stopping),
            time, stoppingToken);
    }

    /// <summary>Completes when stopped, or when a part has ended, as when the event hub refused a record.</summary>
    private async Task CollectAsync(RunningParts parts, CancellationToken stoppingToken) => await Task.WhenAny(
        parts.Decoding, parts.Receiving, parts.KeepingGaps, Task.Delay(Timeout.InfiniteTimeSpan, time, stoppingToken));

    private async Task DrainAsync(RunningParts parts, RecordDelivery delivery)
    {
        parts.Deadline.CancelAfter(DrainTime);
        // What the event hub has not acknowledged by then goes to disk, which is quick.
        await using var spooling = time.CreateTimer(_ => delivery.SpoolAll(), null, HubTime, Timeout.InfiniteTimeSpan);
        await parts.Sessions.CancelAsync();
        await parts.Receiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // After the sessions: the ledger has the gaps that their end has opened.
        await parts.Gaps.CancelAsync();
        await parts.KeepingGaps.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        parts.Intake.Complete();
        try
        {
            await parts.Decoding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (parts.Decoding.IsCanceled)
            {
                await parts.Decoding;
            }

            await delivery.FlushAsync(parts.Deadline.Token);
        }
        catch (OperationCanceledException) when (parts.Deadline.IsCancellationRequested)
        {
            throw new CollectorException(
                $"it was told to, and {counters.InFlight} records in memory were neither delivered nor written to disk in time; they may "
                + "or may not be in the archive.");
        }

        var rejections = counters.RejectedTotal;
        logger.Stopped(counters.Received, counters.Archived, rejections);
        if (delivery.GetStatus() is { Records: > 0 and var left } spool)
        {
            logger.LeftOnDisk(left, new(spool.Bytes));
        }

        // What ended the collector, and not the stop: thrown only now, when what was received is safe.
        foreach (var part in (Task[])[parts.Decoding, parts.Receiving, parts.KeepingGaps])
        {
            if (part.IsFaulted)
            {
                await part;
            }
        }
    }
}
