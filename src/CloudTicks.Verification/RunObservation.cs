using CloudTicks.EventStream;
using CloudTicks.EventStream.Consuming;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;
using CloudTicks.Messaging;
using CloudTicks.Messaging.Nats;
using CloudTicks.Ticks;
using CloudTicks.Timescale.Queries;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Verification;

/// <summary>
/// Observes one run from outside, starting before its first tick: it records the archive's end, and subscribes to NATS like any client.
/// After the run it reports what happened to every tick.
/// </summary>
public sealed class RunObservation : IAsyncDisposable
{
    private static readonly TimeSpan HubTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private readonly StreamPositions _positions;
    private readonly RecordConsumer _consumer;
    private readonly TimeProvider _time;
    private readonly SubscriberTally _tally;
    private readonly NatsSubscriber _subscriber;
    private readonly NatsSubscription _subscription;
    private SubscriberOutages? _outages;
    private IReadOnlyList<PartitionWatermarks> _archiveBegin = [];
    private IReadOnlyList<PartitionWatermarks> _deadLettersBegin = [];

    private RunObservation(
        EventStreamConnection stream, NatsConnectionSettings nats, MessagingMetrics metrics, ILoggerFactory loggers, TimeProvider time)
    {
        _positions = new StreamPositions(stream, time, loggers.CreateLogger<StreamPositions>());
        _consumer = new RecordConsumer(stream, time, loggers.CreateLogger<RecordConsumer>());
        _time = time;
        _tally = new SubscriberTally(time.GetUtcNow().ToUnixTimeMilliseconds(), time);
        _subscriber = new NatsSubscriber(nats, metrics, time, loggers.CreateLogger<NatsSubscriber>());
        _subscription = _subscriber.Subscribe(TickSubject.Everything, (_, payload) => _tally.Add(payload));
    }

    /// <summary>Starts the observation; creates missing topics.</summary>
    /// <exception cref="EventStreamException">The event hub does not answer.</exception>
    public static async Task<RunObservation> BeginAsync(
        EventStreamConnection stream,
        NatsConnectionSettings nats,
        MessagingMetrics metrics,
        ILoggerFactory loggers,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        await ArchiveTopics.EnsureAsync(stream, loggers.CreateLogger("topics"), HubTimeout, time, cancellationToken);
        var observation = new RunObservation(stream, nats, metrics, loggers, time);
        try
        {
            observation._archiveBegin = await observation._positions.GetWatermarksAsync(TopicNames.TickArchive, cancellationToken);
            observation._deadLettersBegin = await observation._positions.GetWatermarksAsync(TopicNames.DeadLetters, cancellationToken);
            await observation._subscriber.ReadyAsync(cancellationToken);
            observation._outages = new SubscriberOutages(observation._subscriber, time);
            return observation;
        }
        catch
        {
            await observation.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Waits until StoreTicks and PublishTicks have processed all current records of the archive or make no progress, and compares. Call it
    /// when the feed has ended and the collector has stopped. It may be called again if a server was unavailable.
    /// </summary>
    /// <param name="feed">The feed's own counts, by symbol; null for a feed without counts.</param>
    /// <param name="timeout">The maximum time without progress of a consumer.</param>
    public async Task<RunReport> VerifyAsync(
        TickQueries queries,
        IReadOnlyDictionary<string, FeedCounts>? feed,
        CollectorCounts collector,
        double seconds,
        RunCircumstances circumstances,
        TimeSpan timeout,
        CancellationToken cancellationToken)
    {
        var archiveWindow = StreamWindow.Between(
            TopicNames.TickArchive, _archiveBegin, await _positions.GetWatermarksAsync(TopicNames.TickArchive, cancellationToken));
        var progress = new ConsumerProgress(_positions, _time);
        var unread = new Dictionary<string, long>();
        foreach (var group in (string[])[ConsumerGroups.Timescale, ConsumerGroups.Nats])
        {
            unread[group] = await progress.WaitAsync(group, archiveWindow, timeout, cancellationToken);
        }

        // StoreTicks writes dead letters before it commits the offsets of their records.
        var deadLetterWindow = StreamWindow.Between(
            TopicNames.DeadLetters, _deadLettersBegin, await _positions.GetWatermarksAsync(TopicNames.DeadLetters, cancellationToken));
        var deadLetters = await DeadLetterCount.ReadAsync(_consumer, deadLetterWindow, cancellationToken);
        var archivedTicks = await ReadArchiveAsync(archiveWindow, cancellationToken);
        await WaitForSubscriberAsync(archivedTicks.Sum(partition => partition.DistinctCount), cancellationToken);
        var comparison = new RunComparison(
            feed, collector, circumstances, MaxOrNull(_outages!.DisconnectedUntilMs, circumstances.NatsRestartedMs));
        comparison.Add(deadLetters);
        foreach (var (group, records) in unread)
        {
            comparison.AddUnread(group, records);
        }

        foreach (var ticks in archivedTicks)
        {
            await comparison.AddAsync(ticks, queries, _tally, cancellationToken);
        }

        return comparison.ToReport(seconds, _tally, _subscription.Dropped);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await (_outages?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _subscriber.DisposeAsync();
    }

    private static long? MaxOrNull(long? one, long? other) =>
        one is { } first && other is { } second ? Math.Max(first, second) : one ?? other;

    private async Task<IReadOnlyList<ArchivedTicks>> ReadArchiveAsync(StreamWindow archiveWindow, CancellationToken cancellationToken)
    {
        var archivedTicks = archiveWindow.Ranges.ToDictionary(range => range.Partition, _ => new ArchivedTicks());
        await foreach (var record in _consumer.ReadAsync(archiveWindow.Topic, archiveWindow.Ranges, cancellationToken))
        {
            archivedTicks[record.Origin.Partition].Add(record.Value);
        }

        return [.. archivedTicks.Values];
    }

    /// <summary>Confirmed messages may still be in flight: waits until all have arrived, or no more arrive.</summary>
    private async Task WaitForSubscriberAsync(long expected, CancellationToken cancellationToken)
    {
        var timeout = TimeSpan.FromSeconds(10);
        var (last, since) = (_tally.Count, _time.GetTimestamp());
        while (last < expected && _time.GetElapsedTime(since) < timeout)
        {
            await Task.Delay(PollInterval, _time, cancellationToken);
            if (_tally.Count > last)
            {
                (last, since) = (_tally.Count, _time.GetTimestamp());
            }
        }
    }
}
