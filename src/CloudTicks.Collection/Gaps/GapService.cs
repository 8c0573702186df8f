using System.Collections.Concurrent;
using CloudTicks.Collection.Counters;
using CloudTicks.Collection.Records;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Consuming;
using CloudTicks.EventStream.Topics;
using CloudTicks.Foundations.Disks;
using CloudTicks.Polygon.Rest;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;
using CloudTicks.Ticks.Status;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CloudTicks.Collection.Gaps;

/// <summary>
/// Records every gap, publishes it to the archive and fills it over REST. Call <see cref="Open"/> before anything is received, then
/// <see cref="PrepareAsync"/>, then <see cref="RunAsync"/>.
/// </summary>
public sealed class GapService : IDisposable
{
    /// <summary>Maximum number of pending parts of backfill requests.</summary>
    private const int MaxPendingRequests = 10_000;

    /// <summary>How long the status counts the ticks of unfillable gaps. The table <c>feed_gaps</c> keeps these gaps longer.</summary>
    private static readonly TimeSpan LostTicksRetention = TimeSpan.FromDays(1);

    private readonly IOptionsMonitor<CollectorOptions> _settings;
    private readonly CollectorOptions _options;
    private readonly CollectorCounters _counters;
    private readonly PolygonRestClient _rest;
    private readonly StreamPositions _positions;
    private readonly RecordConsumer _consumer;
    private readonly TimeProvider _time;
    private readonly ILogger<GapService> _logger;
    private volatile IReadOnlyDictionary<Symbol, int> _ranks = new Dictionary<Symbol, int>();
    private volatile GapStore? _store;
    private ConcurrentDictionary<FeedChannel, long> _lastRunMarks = [];

    internal GapService(
        IOptionsMonitor<CollectorOptions> settings, CollectorCounters counters, PolygonRestClient rest, StreamPositions positions,
        RecordConsumer consumer, TimeProvider time, ILogger<GapService> logger)
    {
        (_settings, _options, _counters, _rest, _time, _logger) = (settings, settings.CurrentValue, counters, rest, time, logger);
        (_positions, _consumer) = (positions, consumer);
    }

    internal long SaveFailures => _store?.SaveFailures ?? 0;

    private bool IsShared => !string.IsNullOrEmpty(_options.Group);

    private GapStore Store => _store ?? throw new InvalidOperationException("The gap ledger is not open yet.");

    private GapTracker Tracker => Store.Tracker;

    /// <summary>Why <see cref="Request"/> accepts no requests, in a sentence; null when it accepts them.</summary>
    public string? RefusalReason => _store?.Ledger is not { } ledger ? "The collector is starting; try again in a moment."
        : !_settings.CurrentValue.Backfill ? "Nothing is fetched over REST because Collector:Backfill is off."
        : ledger.All().Count(gap => gap.Cause == Backfill.Cause && gap.State is GapState.Open or GapState.Filling) >= MaxPendingRequests
            ? $"{MaxPendingRequests} requests are waiting already; try again when some are done."
        : null;

    /// <summary>Counts the gaps by state, and their recovered, missing and lost ticks.</summary>
    public GapStatus GetStatus()
    {
        var gaps = _store?.Ledger.All() ?? [];
        int Count(GapState state) => gaps.Count(gap => gap.State == state);
        var dayAgoMs = (_time.GetUtcNow() - LostTicksRetention).ToUnixTimeMilliseconds();
        var missingTicks = MissingTicks.Of(gaps.Where(gap => gap.State != GapState.Unfillable || gap.ChangedMs >= dayAgoMs));
        return new GapStatus(
            Count(GapState.Open), Count(GapState.Filling), Count(GapState.Filled), Count(GapState.Unfillable),
            gaps.Where(gap => gap.State is GapState.Open or GapState.Filling).Min(gap => (long?)gap.FromMs), _store?.Ledger.Recovered
                ?? 0,
            missingTicks.Open, missingTicks.Lost);
    }

    /// <summary>The gaps that match a filter, ordered by their beginning.</summary>
    /// <returns>The gaps; only the newest ones when there are more than the limit.</returns>
    public IReadOnlyList<FeedGap> Find(GapFilter filter) =>
        [.. (_store?.Ledger.All() ?? []).Where(filter.Matches).OrderByDescending(gap => gap.FromMs).ThenByDescending(gap => gap.Id)
            .Take(filter.Limit).Reverse()];

    /// <summary>Fetches a time range over REST, in addition to the gaps. The request survives a restart.</summary>
    /// <param name="request">The request. Its times must be in the past.</param>
    /// <returns>
    /// The progress so far; <see cref="GetBackfill"/> returns later progress. Null when the request is refused
    /// (<see cref="RefusalReason"/>), or when the market has no ticks of the requested kind.
    /// </returns>
    public Backfill? Request(BackfillRequest request)
    {
        if (RefusalReason is not null || _store?.Ledger is not { } ledger)
        {
            return null;
        }

        var (id, lastMs) = (Guid.CreateVersion7(), request.ToMs - 1);
        foreach (var kind in request.Kinds)
        {
            ledger.AddSeparate(new FeedGap(
                Guid.CreateVersion7(), request.Symbol, kind, request.FromMs, lastMs, Backfill.Cause, Backfill.FoundBy(id), GapState.Open, 0,
                null, 0));
        }

        Store.Save();
        _logger.BackfillRequested(request.Symbol, request.FromMs, lastMs, id);
        return GetBackfill(id);
    }

    /// <summary>The progress of a request.</summary>
    /// <returns>Null when the id is unknown. A request that ended more than a day ago may have been removed.</returns>
    public Backfill? GetBackfill(Guid id) => _store?.Ledger is { } ledger ? Backfill.Of(id, ledger.All()) : null;

    /// <inheritdoc/>
    public void Dispose() => _store?.Dispose();

    /// <summary>Opens the ledger in a folder.</summary>
    /// <exception cref="CollectorException">The ledger cannot be read or written.</exception>
    internal void Open(string folder, Disk? disk = null) => _store = GapStore.Open(
        folder, symbol => _counters.Symbols.GetValueOrDefault(symbol), () => _settings.CurrentValue.BackfillLookBack, _time, _logger,
        disk ?? new Disk());

    /// <summary>Opens gaps for the time between the last run and this one, before the feeds start.</summary>
    internal async Task PrepareAsync(IReadOnlyList<FeedChannel> wanted, int partitions, CancellationToken cancellationToken)
    {
        SetRanks(wanted);
        var marks = Store.ReadMarks();
        if (IsShared)
        {
            // The group assigns the channels later. Other collectors may have covered them since the last run, so no gaps are opened yet.
            _lastRunMarks = new ConcurrentDictionary<FeedChannel, long>(marks ?? new Dictionary<FeedChannel, long>());
            Tracker.Resume([]);
            Store.Save();
            return;
        }

        var coveredUpTo = new Dictionary<FeedChannel, long>(marks ?? new Dictionary<FeedChannel, long>());
        Tracker.Resume(wanted);
        Tracker.OpenSince(coveredUpTo, "the coverage marks of the last run");
        // For channels without marks of the last run, the end of the archive shows their last ticks.
        FeedChannel[] unknown = [.. wanted.Where(channel => !coveredUpTo.ContainsKey(channel))];
        if (string.IsNullOrEmpty(_options.DbServer) && unknown.Length > 0)
        {
            try
            {
                var tail = new ArchiveTail(_positions, _consumer);
                Tracker.OpenSince(await tail.ReadAsync(unknown, partitions, cancellationToken), "the last ticks of the archive");
            }
            catch (EventStreamException exception)
            {
                _logger.ArchiveTailNotRead(exception.Message);
            }
        }

        // If this run is killed before it stores its own marks, the next run must treat all ticks from now on as missing.
        var nowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
        if (Store.Save())
        {
            Store.WriteMarks([.. coveredUpTo, .. unknown.Select(channel => KeyValuePair.Create(channel, nowMs))]);
        }
    }

    internal void SetWanted(IReadOnlyList<FeedChannel> wanted)
    {
        SetRanks(wanted);
        Tracker.SetWanted(wanted);
    }

    /// <summary>Stops tracking the channels that this collector no longer holds, when several collectors share them.</summary>
    internal void SetHeldChannels(IReadOnlyCollection<FeedChannel> held) => Tracker.SetWanted(held);

    /// <summary>
    /// Replaces the channels of this collector. Opens a gap for each gained channel. The gap begins at the coverage mark of this
    /// collector's last run; without a mark, at <paramref name="heldUntil"/>.
    /// </summary>
    internal void TakeOver(IReadOnlyList<FeedChannel> held, IReadOnlyCollection<FeedChannel> gainedChannels, DateTimeOffset heldUntil) =>
        TakeOver(held, gainedChannels, heldUntil, new Dictionary<FeedChannel, long>(), _time.GetUtcNow().ToUnixTimeMilliseconds(), null);

    /// <summary>
    /// Like <c>TakeOver</c>, but uses the end of the archive. If it has ticks of a channel, the channel's gap does not begin before the
    /// newest of them. For a channel without such ticks and without a mark, <paramref name="heldUntil"/> is moved back by the age of the
    /// newest live tick that was found; if none was found, the channel gets no gap.
    /// </summary>
    internal async Task TakeOverAsync(
        IReadOnlyList<FeedChannel> held, IReadOnlyCollection<FeedChannel> gainedChannels, DateTimeOffset heldUntil, int partitions,
        CancellationToken cancellationToken)
    {
        try
        {
            var tail = new ArchiveTail(_positions, _consumer);
            var newestByChannel = await tail.ReadAsync(gainedChannels, partitions, cancellationToken);
            TakeOver(held, gainedChannels, heldUntil, newestByChannel, tail.NewestMs, tail.FirstMs);
        }
        catch (EventStreamException exception)
        {
            _logger.ArchiveTailNotRead(exception.Message);
            TakeOver(held, gainedChannels, heldUntil);
        }
    }

    private void TakeOver(
        IReadOnlyList<FeedChannel> held, IReadOnlyCollection<FeedChannel> gainedChannels, DateTimeOffset heldUntil,
        IReadOnlyDictionary<FeedChannel, long> newestByChannel, long? archiveMs, long? firstMs)
    {
        var nowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
        long? unknown = archiveMs is { } atMs ? Math.Min(atMs, nowMs) - (nowMs - heldUntil.ToUnixTimeMilliseconds()) : null;
        // Nothing was covered before the archive's first tick.
        unknown = unknown is { } at && firstMs is { } first ? Math.Max(at, first) : unknown;
        var coveredUpTo = new Dictionary<FeedChannel, long>();
        foreach (var channel in gainedChannels)
        {
            long? mark = _lastRunMarks.TryRemove(channel, out var own) ? own : null;
            if ((newestByChannel.TryGetValue(channel, out var tick) ? Math.Max(tick, mark ?? tick) : mark ?? unknown) is { } from)
            {
                coveredUpTo[channel] = from;
            }
        }

        Tracker.SetWanted(held);
        Tracker.TakeOver(coveredUpTo, "the group of collectors");
        Store.Save();
    }

    internal void OnCoverage(IReadOnlyList<CoverageChange> changes) => Store.OnCoverage(changes);

    internal void OnMissed(MissedTicks missed) => Tracker.OnMissed(missed);

    /// <summary>Publishes the newest states of gaps again, because published states may be lost.</summary>
    /// <param name="partition">The archive partition of the lost states; null when unknown.</param>
    internal void PublishAgain(int? partition, int partitions)
    {
        if (Store.Ledger.PublishAgain(gap => partition is null || gap.Symbol.PartitionOf(partitions) == partition) is > 0 and var gaps)
        {
            _logger.GapsPublishedAgain(gaps);
        }
    }

    /// <summary>Saves, publishes and fills gaps until stopped, then saves once more.</summary>
    /// <param name="isFlowing">Whether received ticks are decoded and then archived or spooled without a long wait.</param>
    internal async Task RunAsync(
        Func<OutgoingRecord, CancellationToken, ValueTask<Task>> send, int partitions, Func<bool> isFlowing, Func<bool> isSpoolEmpty,
        CancellationToken cancellationToken)
    {
        var store = Store;
        var publisher = new GapPublisher(store.Ledger, send, partitions);
        using var runEnd = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var fetch = new GapFetch(_rest, send, partitions)
        {
            RefusesCrossedCurrencies = () => _settings.CurrentValue.RefuseCrossedCurrencies,
        };
        var filler = new GapFiller(
            store.Ledger, fetch, CreateLiveTicks(partitions), isSpoolEmpty,
            symbol => _ranks.GetValueOrDefault(symbol, int.MaxValue), () => _settings.CurrentValue, _time, _logger);
        Task[] loops =
        [
            store.SaveAndPublishAsync(publisher.PublishAsync, runEnd.Token),
            store.WriteMarksAsync(isFlowing, () => _settings.CurrentValue.BatchInterval ?? TimeSpan.Zero, runEnd.Token),
            filler.RunAsync(runEnd.Token),
        ];
        await Task.WhenAny(loops);
        await runEnd.CancelAsync();
        await Task.WhenAll(loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        store.Save();
        cancellationToken.ThrowIfCancellationRequested();
        await Task.WhenAll(loops);
    }

    private ILiveTicks CreateLiveTicks(int partitions) => string.IsNullOrEmpty(_options.DbServer)
        ? new ArchivedLiveTicks(_positions, _consumer, partitions, () => _settings.CurrentValue.BackfillLookBack, _time)
        : new LiveTicksWithoutArchive();

    internal void SetRanks(IReadOnlyList<FeedChannel> wanted) =>
        _ranks = wanted.Select(channel => channel.Symbol).Distinct().Index().ToDictionary(entry => entry.Item, entry => entry.Index);
}
