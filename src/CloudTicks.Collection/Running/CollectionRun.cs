using CloudTicks.Collection.Batching;
using CloudTicks.Collection.Delivery;
using CloudTicks.Collection.Feeds;
using CloudTicks.Collection.Gaps;
using CloudTicks.Collection.Intake;
using CloudTicks.Collection.Liveness;
using CloudTicks.Collection.Outlets;
using CloudTicks.Collection.Replicas;
using CloudTicks.Collection.Storage;
using CloudTicks.Collection.Symbols;
using CloudTicks.EventStream;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks.Checks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CloudTicks.Collection.Running;

/// <summary>
/// One run of the collector, from the open outlet to the last acknowledgement: puts the parts together, starts them in their order, and ends
/// them in the other one.
/// </summary>
internal sealed class CollectionRun(
    CollectorOptions options, DataFolder folder, Outlet outlet, WantedChannels wanted, IServiceProvider services, ILogger logger)
{
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(3.5);
    private static readonly TimeSpan HubTime = TimeSpan.FromSeconds(1.5);

    /// <summary>Bytes of frames that are decoded at once.</summary>
    private const long SmallQueue = 1 << 20;

    private static readonly TimeSpan MaxAge = TimeSpan.FromDays(3);
    private static readonly TimeSpan MaxLead = TimeSpan.FromMinutes(1);

    private readonly FrameQueue _frames = services.GetRequiredService<FrameQueue>();
    private readonly CollectorCounters _counters = services.GetRequiredService<CollectorCounters>();
    private readonly MarketFeeds _feeds = services.GetRequiredService<MarketFeeds>();
    private readonly GapKeeping _gaps = services.GetRequiredService<GapKeeping>();
    private readonly TimeProvider _time = services.GetRequiredService<TimeProvider>();
    private volatile RecordDelivery? _delivery;
    private volatile ReplicaGroup? _group;

    /// <summary>Where the records go.</summary>
    public Outlet Outlet => outlet;

    /// <summary>The way there; null while it is being made.</summary>
    public RecordDelivery? Delivery => _delivery;

    /// <summary>The collectors that share the symbols; null when there is no group, or not yet.</summary>
    public ReplicaGroup? Group => _group;

    /// <summary>Collects until stopped, and then until everything received is safe.</summary>
    /// <param name="stoppingToken">Stops it.</param>
    /// <exception cref="CollectorException">What was received could not be made safe in time, or a part has failed.</exception>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        using var deadline = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);
        using var sessions = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        Action<MissedTicks> missed = _gaps.OnMissed;
        var limits = new DeliveryOptions
        {
            Folder = folder.Folder(outlet.Spool),
            SpoolMaxBytes = options.SpoolMaxBytes,
            FeedWaits = options.FeedWaits,
            OnTaken = outlet.OnTaken,
            OnGapsLost = partition => _gaps.PublishAgain(partition, outlet.Partitions),
            Disk = folder.Disk,
        };
        await using var delivery = new RecordDelivery(outlet.Sink, limits, _counters, missed, _time, logger);
        _delivery = delivery;
        _feeds.OnCoverage = _gaps.OnCoverage;
        wanted.OnChange = _gaps.SetWanted;
        await _gaps.PrepareAsync(wanted.Channels, outlet.Partitions, stoppingToken);
        var batcher = new TickBatcher(
            delivery, new TickShedding(_counters.Spool, missed), outlet.Partitions, options.BatchInterval ?? outlet.Linger, _time, _frames.Wake)
        {
            Pace = options.BatchInterval is null ? outlet.Pace : null,
        };
        var check = options.AgeCheck ? new TickCheck(MaxAge, MaxLead) : new TickCheck(null, null);
        check.RefusesCrossedCurrencies = options.RefuseCrossedCurrencies;
        using var following = services.GetRequiredService<IOptionsMonitor<CollectorOptions>>().OnChange(changed =>
        {
            batcher.Pace = changed.BatchInterval is null ? outlet.Pace : null;
            (batcher.Linger, delivery.SpoolMaxBytes) = (changed.BatchInterval ?? outlet.Linger, changed.SpoolMaxBytes);
            check.RefusesCrossedCurrencies = changed.RefuseCrossedCurrencies;
        });
        var rejected = new RejectedElements(outlet.WriteDeadLetterAsync ?? delivery.SendLetterAsync);
        var intake = new TickIntake(
            _frames, wanted, check, batcher, rejected, _counters, services.GetRequiredService<CollectorMetrics>(), _time, logger);
        var decoding = intake.RunAsync(deadline.Token);
        var sharing = ShareAsync(sessions.Token);
        services.GetRequiredService<LearntLimitsFile>().Open(folder.Path, folder.Disk);
        var reading = Task.WhenAll(_feeds.RunAsync(sessions.Token), services.GetRequiredService<StaleSymbols>().RunAsync(sessions.Token));
        var selecting = wanted.RunAsync(sessions.Token);
        using var gaps = new CancellationTokenSource();
        var keeping = _gaps.RunAsync(
            delivery.SendAsync, outlet.Partitions, () => _frames.Bytes < SmallQueue
                && delivery.AwayFor is null, () => delivery.GetStatus().Records == 0, gaps.Token);
        await Task.WhenAny(decoding, reading, selecting, keeping, sharing, Task.Delay(Timeout.InfiniteTimeSpan, _time, stoppingToken));

        // Stopped, or the event hub refused a record.
        deadline.CancelAfter(DrainTime);
        // What the event hub has not acknowledged by then goes to disk, which is quick.
        await using var spooling = _time.CreateTimer(_ => delivery.SpoolAll(), null, HubTime, Timeout.InfiniteTimeSpan);
        await sessions.CancelAsync();
        await Task.WhenAll(reading, selecting, sharing);
        // After the sessions: what their end has made is in the ledger.
        await gaps.CancelAsync();
        await keeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        intake.Complete();
        try
        {
            await decoding;
            await delivery.FlushAsync(deadline.Token);
            var rejections = _counters.RejectedTotal;
            logger.Stopped(_counters.Received, _counters.Archived, rejections);
            if (delivery.GetStatus() is { Records: > 0 and var left } spool)
            {
                logger.LeftOnDisk(left, new(spool.Bytes));
            }

            if (keeping.IsFaulted)
            {
                // What ended the collector, and not the stop.
                await keeping;
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            throw new CollectorException(
                $"it was told to, and {_counters.InFlight} records in memory were neither delivered nor written to disk in time; they may "
                + "or may not be in the archive.");
        }
    }

    /// <summary>Shares the connections with other collectors, or just waits for the stop.</summary>
    private async Task ShareAsync(CancellationToken stopping)
    {
        if (options.Group is not { Length: > 0 })
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        var group = new ReplicaGroup(
            options, folder.Path, services.GetRequiredService<EventStreamConnection>(), _feeds, _gaps, outlet.Partitions, _time,
            services.GetRequiredService<ILoggerFactory>());
        (_group, wanted.OnChange) = (group, group.OnSelection);
        await group.RunAsync(stopping);
    }
}
