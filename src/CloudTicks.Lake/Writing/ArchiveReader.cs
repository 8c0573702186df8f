using System.Runtime.CompilerServices;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Consuming;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.Lake.Writing;

/// <summary>Reads ranges of the archive for the lake, without joining a consumer group: the lake stores its own positions.</summary>
public sealed class ArchiveReader
{
    /// <summary>The limits of the read-ahead buffer; small, because the buffer counts towards the lake's memory.</summary>
    private static readonly ReadAhead ReadAheadLimits = new(8 << 20, 1 << 20);

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly EventStreamConnection _connection;
    private readonly StreamPositions _positions;
    private readonly RecordConsumer _records;
    private readonly ILogger<ArchiveReader> _logger;

    internal ArchiveReader(
        EventStreamConnection connection, StreamPositions positions, RecordConsumer records, ILogger<ArchiveReader> logger) =>
        (_connection, _positions, _records, _logger) = (connection, positions, records, logger);

    /// <summary>Creates a reader for a command-line tool. The reader closes its Kafka clients after each query.</summary>
    public static ArchiveReader Of(EventStreamConnection connection, TimeProvider time) => new(
        connection, new StreamPositions(connection, time, NullLogger<StreamPositions>.Instance),
        new RecordConsumer(connection, time, NullLogger<RecordConsumer>.Instance), NullLogger<ArchiveReader>.Instance);

    /// <summary>Reads the identity of the archive's stream, which changes when the topic is created again.</summary>
    /// <exception cref="EventStreamException">The event hub does not answer.</exception>
    public Task<string> IdentifyAsync(CancellationToken cancellationToken) =>
        StreamIdentity.ResolveAsync(_connection, TopicNames.TickArchive, _logger, Timeout, cancellationToken);

    /// <summary>Reads the start and end offsets of each partition.</summary>
    /// <exception cref="EventStreamException">The event hub does not answer.</exception>
    public Task<IReadOnlyList<PartitionWatermarks>> WatermarksAsync(CancellationToken cancellationToken) =>
        _positions.GetWatermarksAsync(TopicNames.TickArchive, cancellationToken);

    /// <summary>
    /// Finds, for each partition, the offset of the first record written at or after a time, Unix ms; <see cref="long.MaxValue"/> if there
    /// is no such record.
    /// </summary>
    /// <exception cref="EventStreamException">The event hub does not answer.</exception>
    internal Task<IReadOnlyDictionary<int, long>> OffsetsSinceAsync(long writtenMs, CancellationToken cancellationToken) =>
        _positions.GetOffsetsSinceAsync(TopicNames.TickArchive, writtenMs, cancellationToken);

    /// <summary>Reads ranges to their ends, one record at a time.</summary>
    /// <exception cref="EventStreamException">The event hub refuses the request, or records were deleted.</exception>
    internal IAsyncEnumerable<StreamRecord> RecordsAsync(IReadOnlyList<OffsetRange> ranges, CancellationToken cancellationToken) =>
        _records.ReadAsync(TopicNames.TickArchive, ranges, ReadAheadLimits, cancellationToken);

    /// <summary>Reads ranges to their ends, in rounds of bounded size.</summary>
    /// <returns>The rounds, each with the positions after it.</returns>
    /// <exception cref="EventStreamException">The event hub refuses the request, or records were deleted.</exception>
    internal async IAsyncEnumerable<(LakeRound Round, Dictionary<int, long> Next)> ReadAsync(
        string stream, IReadOnlyList<OffsetRange> ranges, LakeOptions options, IReadOnlySet<HourKey>? only,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (ranges.Count == 0)
        {
            yield break;
        }

        var from = ranges.ToDictionary(range => range.Partition, range => range.From);
        var next = new Dictionary<int, long>(from);
        var round = new LakeRound(stream, only);
        await foreach (var record in _records.ReadAsync(TopicNames.TickArchive, ranges, ReadAheadLimits, cancellationToken))
        {
            round.Add(record.Origin.Partition, record.Origin.Offset, record.Value);
            next[record.Origin.Partition] = record.Origin.Offset + 1;
            if (round.Bytes >= options.MaxRoundBytes || round.Ticks >= options.MaxRoundTicks)
            {
                yield return (WithRanges(round, from, next), new Dictionary<int, long>(next));
                (round, from) = (new LakeRound(stream, only), new Dictionary<int, long>(next));
            }
        }

        foreach (var range in ranges)
        {
            next[range.Partition] = Math.Max(next[range.Partition], range.To);
        }

        yield return (WithRanges(round, from, next), next);
    }

    /// <summary>
    /// Commits the lake's positions for tools that show the lag, and for the retention of the archive. The lake resumes at the positions
    /// that it stores itself.
    /// </summary>
    internal async Task CommitAsync(IReadOnlyDictionary<int, long> next, CancellationToken cancellationToken)
    {
        try
        {
            await _positions.CommitAsync(ConsumerGroups.Lake, TopicNames.TickArchive, next, cancellationToken);
        }
        catch (EventStreamException refused)
        {
            _logger.PositionsNotCommitted(refused.Message);
        }
    }

    private static LakeRound WithRanges(LakeRound round, Dictionary<int, long> from, Dictionary<int, long> next)
    {
        round.Ranges =
        [
            .. next.Where(entry => entry.Value > from[entry.Key])
                .Select(entry => new Manifests.RoundRange(entry.Key, from[entry.Key], entry.Value)),
        ];
        return round;
    }
}
