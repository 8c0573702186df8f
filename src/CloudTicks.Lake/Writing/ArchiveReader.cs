using System.Runtime.CompilerServices;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Consuming;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Lake.Writing;

/// <summary>Reads the archive for the lake, from the lake's own positions, outside any consumer group.</summary>
internal sealed class ArchiveReader(
    EventStreamConnection connection, StreamPositions positions, RecordConsumer records, ILogger<ArchiveReader> logger)
{
    /// <summary>Small, because what was read ahead counts to the memory of the lake.</summary>
    private static readonly ReadAhead Bounds = new(8 << 20, 1 << 20);

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>What tells this stream from another one of its name.</summary>
    /// <exception cref="EventStreamException">The event hub does not answer.</exception>
    public Task<string> IdentifyAsync(CancellationToken cancellationToken) =>
        StreamIdentity.ResolveAsync(connection, TopicNames.TickArchive, logger, Timeout, cancellationToken);

    /// <summary>How far each partition reaches.</summary>
    /// <exception cref="EventStreamException">The event hub does not answer.</exception>
    public Task<IReadOnlyList<PartitionWatermarks>> EndsAsync(CancellationToken cancellationToken) =>
        positions.GetWatermarksAsync(TopicNames.TickArchive, cancellationToken);

    /// <summary>Reads ranges to their ends, in rounds of bounded size.</summary>
    /// <returns>Each round with the positions behind it.</returns>
    /// <exception cref="EventStreamException">The event hub refuses, or records are gone.</exception>
    public async IAsyncEnumerable<(LakeRound Round, Dictionary<int, long> Next)> ReadAsync(
        string stream, IReadOnlyList<OffsetRange> ranges, LakeOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (ranges.Count == 0)
        {
            yield break;
        }

        var from = ranges.ToDictionary(range => range.Partition, range => range.From);
        var next = new Dictionary<int, long>(from);
        var round = new LakeRound(stream);
        await foreach (var record in records.ReadAsync(TopicNames.TickArchive, ranges, Bounds, cancellationToken))
        {
            round.Add(record.Origin.Partition, record.Origin.Offset, record.Value);
            next[record.Origin.Partition] = record.Origin.Offset + 1;
            if (round.Bytes >= options.MaxRoundBytes || round.Ticks >= options.MaxRoundTicks)
            {
                yield return (Covering(round, from, next), new Dictionary<int, long>(next));
                (round, from) = (new LakeRound(stream), new Dictionary<int, long>(next));
            }
        }

        foreach (var range in ranges)
        {
            next[range.Partition] = Math.Max(next[range.Partition], range.To);
        }

        yield return (Covering(round, from, next), next);
    }

    /// <summary>Tells tools how far the lake is; the lake itself goes by its own positions.</summary>
    public async Task CommitAsync(IReadOnlyDictionary<int, long> next, CancellationToken cancellationToken)
    {
        try
        {
            await positions.CommitAsync(ConsumerGroups.Lake, TopicNames.TickArchive, next, cancellationToken);
        }
        catch (EventStreamException refused)
        {
            logger.PositionsNotShown(refused.Message);
        }
    }

    private static LakeRound Covering(LakeRound round, Dictionary<int, long> from, Dictionary<int, long> next)
    {
        round.Ranges =
        [
            .. next.Where(entry => entry.Value > from[entry.Key])
                .Select(entry => new Manifests.RoundRange(entry.Key, from[entry.Key], entry.Value)),
        ];
        return round;
    }
}
