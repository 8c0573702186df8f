using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Consuming;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;
using CloudTicks.Timescale.Storing;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Functions.Storing;

/// <summary>
/// StoreTicks' access to the archive: checks that the stream was not replaced and still has the stored records, and reads records
/// that were not delivered.
/// </summary>
public sealed class ArchiveStream(
    EventStreamConnection connection, StreamPositions positions, RecordConsumer records, TickStore store, ILogger<ArchiveStream> logger)
    : IDisposable
{
    /// <summary>The approximate size of one run of missing records, bytes.</summary>
    private const int RunBytes = 4 << 20;

    private static readonly TimeSpan QueryTimeout = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<StreamPartition, bool> _checkedPartitions = new();
    private readonly SemaphoreSlim _openLock = new(1, 1);
    private volatile string? _identity;

    /// <summary>Opens a partition after checking that the stream does not end before the stored records.</summary>
    internal async Task<StreamPartition> OpenAsync(int partition, CancellationToken cancellationToken)
    {
        if (FindOpened(partition) is null)
        {
            // All partitions start at about the same time, so the first call opens all of them.
            await _openLock.WaitAsync(cancellationToken);
            try
            {
                if (FindOpened(partition) is null)
                {
                    await OpenAllAsync(cancellationToken);
                }
            }
            finally
            {
                _openLock.Release();
            }
        }

        return FindOpened(partition) ?? await OpenOneAsync(partition, cancellationToken);
    }

    /// <summary>
    /// Checks the stream again when delivered records seem to be stored already: it may be another stream, or may have lost its newest
    /// records.
    /// </summary>
    internal Task<StreamPartition> ReopenAsync(int partition, CancellationToken cancellationToken)
    {
        _checkedPartitions.TryRemove(new StreamPartition(_identity ?? "", TopicNames.TickArchive, partition), out _);
        _identity = null;
        return OpenOneAsync(partition, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _openLock.Dispose();

    /// <summary>Reads missing records in runs; none when the stream no longer has them.</summary>
    internal async IAsyncEnumerable<IReadOnlyList<ArchivedRecord>> ReadMissingAsync(
        StreamPartition partition, MissingRecordsException missing, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        logger.ReadingMissingRecords(partition, missing.NextOffset, missing.FirstOffset - 1);
        var low = Of(await GetWatermarksAsync(cancellationToken), partition.Partition).Low;
        if (low > missing.NextOffset)
        {
            logger.RecordsDeleted(partition, missing.NextOffset, Math.Min(low, missing.FirstOffset) - 1);
        }

        var (run, bytes) = (new List<ArchivedRecord>(), 0);
        var range = new OffsetRange(partition.Partition, Math.Max(low, missing.NextOffset), missing.FirstOffset);
        await foreach (var record in records.ReadAsync(partition.Topic, [range], cancellationToken))
        {
            run.Add(new ArchivedRecord(record.Origin.Offset, record.Value));
            bytes += record.Value.Length;
            if (bytes >= RunBytes)
            {
                yield return run;
                (run, bytes) = ([], 0);
            }
        }

        if (run.Count > 0)
        {
            yield return run;
        }
    }

    /// <summary>
    /// Counts the records of the archive that are not stored yet, and those that are not published yet. The second count is null if
    /// PublishTicks has never committed an offset.
    /// </summary>
    internal async Task<(long Unstored, long? Unpublished)> CountWaitingAsync(CancellationToken cancellationToken)
    {
        var stream = (await IdentifyAsync(0, cancellationToken)).Stream;

        // Read the ends last: all offsets only grow, so the counts may be too high but never too low.
        var stored = await store.GetNextOffsetsAsync(stream, TopicNames.TickArchive, cancellationToken);
        var published = await positions.GetCommittedAsync(ConsumerGroups.Nats, TopicNames.TickArchive, cancellationToken);
        var ends = await positions.GetWatermarksAsync(TopicNames.TickArchive, cancellationToken);
        return (Behind(stored), published.Count > 0 ? Behind(published) : null);

        long Behind(IReadOnlyDictionary<int, long> next) =>
            ends.Sum(end => Math.Max(0, end.High - Math.Max(end.Low, next.GetValueOrDefault(end.Partition))));
    }

    private StreamPartition? FindOpened(int partition) =>
        _identity is { } identity && new StreamPartition(identity, TopicNames.TickArchive, partition) is var opened
        && _checkedPartitions.ContainsKey(opened) ? opened : null;

    /// <summary>
    /// Opens all partitions with one query to the event hub and one to the database, except those that end before the stored records.
    /// </summary>
    private async Task OpenAllAsync(CancellationToken cancellationToken)
    {
        var stream = (await IdentifyAsync(0, cancellationToken)).Stream;
        var ends = await GetWatermarksAsync(cancellationToken);
        var stored =
            await store.OpenAsync(stream, TopicNames.TickArchive, [.. ends.Select(end => end.Partition)], cancellationToken);
        foreach (var end in ends.Where(end => end.High >= stored[end.Partition]))
        {
            _checkedPartitions.TryAdd(new StreamPartition(stream, TopicNames.TickArchive, end.Partition), true);
        }
    }

    private async Task<StreamPartition> OpenOneAsync(int partition, CancellationToken cancellationToken)
    {
        var opened = await IdentifyAsync(partition, cancellationToken);
        await store.CheckLogEndAsync(opened, Of(await GetWatermarksAsync(cancellationToken), partition).High, cancellationToken);
        _checkedPartitions.TryAdd(opened, true);
        return opened;
    }

    private async Task<StreamPartition> IdentifyAsync(int partition, CancellationToken cancellationToken)
    {
        var identity = _identity;
        if (identity is null)
        {
            identity = await StreamIdentity.ResolveAsync(connection, TopicNames.TickArchive, logger, QueryTimeout, cancellationToken);
            _identity = identity;
        }

        return new StreamPartition(identity, TopicNames.TickArchive, partition);
    }

    private Task<IReadOnlyList<PartitionWatermarks>> GetWatermarksAsync(CancellationToken cancellationToken) =>
        positions.GetWatermarksAsync(TopicNames.TickArchive, cancellationToken);

    private static PartitionWatermarks Of(IReadOnlyList<PartitionWatermarks> watermarks, int partition) =>
        watermarks.First(one => one.Partition == partition);
}
