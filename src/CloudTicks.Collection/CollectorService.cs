using CloudTicks.Collection.Batching;
using CloudTicks.Collection.Delivery;
using CloudTicks.Collection.Feeds;
using CloudTicks.Collection.Gaps;
using CloudTicks.Collection.Intake;
using CloudTicks.Collection.Limits;
using CloudTicks.Collection.Liveness;
using CloudTicks.Collection.Outlets;
using CloudTicks.Collection.Replicas;
using CloudTicks.Collection.Storage;
using CloudTicks.Collection.Symbols;
using CloudTicks.EventStream;
using CloudTicks.Polygon.Feeds;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks.Checks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CloudTicks.Collection;

/// <summary>
/// Takes Polygon's live feed, or the simulator's, into the archive: one connection a market, one loop that decodes and packs. When it
/// is stopped it closes the sessions and waits until the event hub has all that was received.
/// </summary>
public sealed class CollectorService : BackgroundService
{
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(3.5);
    private static readonly TimeSpan HubTime = TimeSpan.FromSeconds(1.5);

    /// <summary>Bytes of frames that are decoded at once.</summary>
    private const long SmallQueue = 1 << 20;

    private static readonly TimeSpan MaxAge = TimeSpan.FromDays(3);
    private static readonly TimeSpan MaxLead = TimeSpan.FromMinutes(1);

    private readonly CollectorOptions _options;
    private readonly FrameQueue _frames;
    private readonly CollectorCounters _counters;
    private readonly IServiceProvider _services;
    private readonly TimeProvider _time;
    private readonly ILogger<CollectorService> _logger;
    private readonly MarketFeeds _feeds;
    private readonly WantedChannels _wanted;
    private readonly GapKeeping _gaps;
    private readonly StaleSymbols _stale;
    private volatile RecordDelivery? _delivery;
    private volatile ReplicaGroup? _group;
    private volatile Outlet? _outlet;

    internal CollectorService(
        IOptions<CollectorOptions> options, MarketFeeds feeds, GapKeeping gaps, FrameQueue frames,
        CollectorCounters counters, IServiceProvider services, TimeProvider time, ILogger<CollectorService> logger)
    {
        (_options, _feeds, _frames, _counters, _services, _time, _logger) = (options.Value, feeds, frames, counters, services, time, logger);
        _gaps = gaps;
        _wanted = new WantedChannels(_options, services.GetRequiredService<SymbolSelection>(), feeds);
        _stale = services.GetRequiredService<StaleSymbols>();
    }

    /// <summary>What the feeds are asked for at the moment.</summary>
    internal IReadOnlyList<Channel> Wanted => _wanted.Channels;

    /// <summary>What was received and archived so far, and which sessions stand.</summary>
    /// <returns>A picture of the moment.</returns>
    public CollectorStatus GetStatus() => GetStatus(_feeds.GetStatus());

    private CollectorStatus GetStatus(IReadOnlyDictionary<string, MarketFeedStatus> feeds) => new()
    {
        Feed = FeedMark.Text(_options.FeedName),
        Connected = feeds.ToDictionary(feed => feed.Key, feed => feed.Value.IsConnected),
        Refused = feeds.Where(feed => feed.Value.Failure is not null).ToDictionary(feed => feed.Key, feed => feed.Value.Failure!),
        Outages = feeds.ToDictionary(feed => feed.Key, feed => new OutageStatus(feed.Value.Outages, feed.Value.OutageMs)),
        Connections = feeds,
        Selection = _wanted.GetStatus(),
        Gaps = _gaps.GetStatus(),
        Replica = _group?.GetStatus(),
        Outlet = _outlet?.GetStatus(),
        Stale = _stale.Reported,
        Spool = _delivery?.GetStatus(),
        HubAwayMs = (long?)_delivery?.AwayFor?.TotalMilliseconds,
        FirstTickMs = _counters.FirstTickMs,
        Received = _counters.Received,
        Rejected = Enum.GetValues<TickRejection>().Where(reason => _counters.Rejected(reason) > 0)
            .ToDictionary(reason => reason.Name(), _counters.Rejected),
        RejectedDistinct = _counters.RejectedDistinct,
        Ignored = _counters.OtherEvents.Snapshot(),
        Archived = _counters.Archived,
        ArchivedRecords = _counters.ArchivedRecords,
        InFlight = _counters.InFlight,
        QueuedBytes = _frames.Bytes,
        QueuedBytesLimit = _frames.MaxBytes,
        Crossed = _counters.Crossed,
        Late = _counters.Late,
        Future = _counters.Future,
        // ToArray takes the lock of the dictionary; LINQ alone would copy it while the first tick of a symbol is added, and fail.
        Symbols = _counters.Symbols.ToArray().OrderBy(symbol => symbol.Key.Name, StringComparer.Ordinal)
            .ToDictionary(symbol => symbol.Key.Name, symbol => StatusOf(symbol.Value, _time.GetUtcNow().ToUnixTimeMilliseconds())),
    };

    private static SymbolStatus StatusOf(SymbolActivity activity, long nowMs) =>
        new(activity.Received, $"{activity.Sum:x16}", Math.Max(0, nowMs - activity.LastReceivedMs));

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var folder = DataFolder.Open(_options);
            _gaps.Open(folder.Folder("gaps"));
            await using var outlet = await ActivatorUtilities.CreateInstance<OutletOpening>(_services).OpenAsync(_options, folder, stoppingToken);
            _outlet = outlet;
            var plan = _wanted.Plan;
            var channels = plan.Values.Sum(market => market.Count);
            WarnOfLimits();
            _logger.Collecting(channels, plan.Count, _options.FeedName, outlet.Partitions, outlet.Name);
            await CollectAsync(folder, outlet, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped before there was anything to drain.
        }
        catch (Exception exception) when (exception is CollectorException or EventStreamException)
        {
            _logger.Refused(exception.Message);
            throw;
        }
    }

    private void WarnOfLimits()
    {
        var connections = DescriptorLimit.Connections(_wanted.Plan, _services.GetRequiredService<IOptions<PolygonOptions>>().Value);
        if (DescriptorLimit.Warning(DescriptorLimit.Read(), connections) is { } warning)
        {
            _logger.LimitTooLow(warning);
        }
    }

    private async Task CollectAsync(DataFolder folder, Outlet outlet, CancellationToken stoppingToken)
    {
        using var deadline = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);
        using var sessions = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        Action<MissedTicks> missed = _gaps.OnMissed;
        var limits = new DeliveryOptions
        {
            Folder = folder.Folder(outlet.Spool),
            SpoolMaxBytes = _options.SpoolMaxBytes,
            FeedWaits = _options.FeedWaits,
            OnTaken = outlet.OnTaken,
        };
        await using var delivery = new RecordDelivery(outlet.Sink, limits, _counters, missed, _time, _logger);
        _delivery = delivery;
        _feeds.OnCoverage = _gaps.OnCoverage;
        _wanted.OnChange = _gaps.SetWanted;
        await _gaps.PrepareAsync(_wanted.Channels, outlet.Partitions, stoppingToken);
        var batcher = new TickBatcher(
            delivery, new TickShedding(_counters.Spool, missed), outlet.Partitions, _options.BatchInterval ?? outlet.Linger, _time, _frames.Wake);
        using var following = _services.GetRequiredService<IOptionsMonitor<CollectorOptions>>().OnChange(changed =>
            (batcher.Linger, delivery.SpoolMaxBytes) = (changed.BatchInterval ?? outlet.Linger, changed.SpoolMaxBytes));
        var check = _options.AgeCheck ? new TickCheck(MaxAge, MaxLead) : new TickCheck(null, null);
        var rejected = new RejectedElements(outlet.WriteDeadLetterAsync ?? delivery.SendLetterAsync);
        var intake = new TickIntake(
            _frames, check, batcher, rejected, _counters, _services.GetRequiredService<CollectorMetrics>(), _time, _logger);
        var decoding = intake.RunAsync(deadline.Token);
        var sharing = ShareAsync(folder, outlet.Partitions, sessions.Token);
        _services.GetRequiredService<LearntLimitsFile>().Open(folder.Path);
        var reading = Task.WhenAll(_feeds.RunAsync(sessions.Token), _stale.RunAsync(sessions.Token));
        var selecting = _wanted.RunAsync(sessions.Token);
        using var gaps = new CancellationTokenSource();
        var keeping = _gaps.RunAsync(delivery.SendAsync, outlet.Partitions, () => _frames.Bytes < SmallQueue && delivery.AwayFor is null, gaps.Token);
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
            _logger.Stopped(_counters.Received, _counters.Archived, rejections);
            if (delivery.GetStatus() is { Records: > 0 and var left } spool)
            {
                _logger.LeftOnDisk(left, spool.Bytes);
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
    private async Task ShareAsync(DataFolder folder, int partitions, CancellationToken stopping)
    {
        if (_options.Group is not { Length: > 0 })
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        var group = new ReplicaGroup(
            _options, folder.Path, _services.GetRequiredService<EventStreamConnection>(), _feeds, _gaps, partitions, _time,
            _services.GetRequiredService<ILoggerFactory>());
        (_group, _wanted.OnChange) = (group, group.OnSelection);
        await group.RunAsync(stopping);
    }
}
