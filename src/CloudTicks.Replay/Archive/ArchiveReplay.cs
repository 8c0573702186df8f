using System.Globalization;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Consuming;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;
using CloudTicks.Replay.Sorting;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Replay.Archive;

/// <summary>
/// Reads the ticks of the archive in order of time. The archive is in order of arrival, where late and backfilled ticks follow newer
/// ones. Therefore all selected ticks up to the archive's current end are read and sorted before the first one is returned. If symbols
/// are selected by name, only their partitions are read.
/// </summary>
public sealed class ArchiveReplay(StreamPositions positions, RecordConsumer records, TimeProvider time)
{
    private const int RecordsPerTimeoutReset = 256;

    /// <summary>Reads and sorts the selected ticks.</summary>
    /// <param name="refused">Receives a message for each unreadable record, and for the first refused tick.</param>
    /// <param name="gap">Receives the gap records, in the order of each partition; null to skip them.</param>
    /// <returns>The sorted ticks, which the caller must dispose of.</returns>
    /// <exception cref="EventStreamException">
    /// The archive does not exist, the event hub does not answer, or the disk is full; the message says which.
    /// </exception>
    public Task<TickReplay> ReadAsync(
        TickSelection selection,
        ReplayOptions options,
        ReplayCounts counts,
        Action<string> refused,
        Func<FeedGap, CancellationToken, ValueTask>? gap,
        CancellationToken cancellationToken) =>
        TickReplay.SortAsync(selection, options, counts, refused, async ticks =>
        {
            var ranges = await RangesAsync(selection, cancellationToken);
            counts.RecordsToRead = ranges.Sum(range => range.To - range.From);
            await ReadAsync(ticks, ranges, options.MaxWait, gap, counts, cancellationToken);
        });

    private async Task<OffsetRange[]> RangesAsync(TickSelection selection, CancellationToken cancellationToken)
    {
        var partitions = await positions.GetWatermarksAsync(TopicNames.TickArchive, cancellationToken);
        var selectedPartitions = selection.Symbols.Symbols?.Select(symbol => symbol.PartitionOf(partitions.Count)).ToHashSet();
        // Query the start offsets after the watermarks: otherwise a record written between the two queries could be skipped.
        var since = selection.WrittenFromMs is { } writtenMs
            ? await positions.GetOffsetsSinceAsync(TopicNames.TickArchive, writtenMs, cancellationToken)
            : null;
        return
        [
            .. partitions.Where(partition => selectedPartitions?.Contains(partition.Partition) != false)
                .Select(partition => new OffsetRange(
                    partition.Partition,
                    Math.Clamp(since?.GetValueOrDefault(partition.Partition) ?? 0, partition.Low, partition.High),
                    partition.High)),
        ];
    }

    private async Task ReadAsync(
        RecordTicks ticks,
        OffsetRange[] ranges,
        TimeSpan timeout,
        Func<FeedGap, CancellationToken, ValueTask>? gap,
        ReplayCounts counts,
        CancellationToken cancellationToken)
    {
        using var silence = new CancellationTokenSource(timeout, time);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        try
        {
            await foreach (var record in records.ReadAsync(TopicNames.TickArchive, ranges, cancellation.Token))
            {
                if (++counts.RecordsRead % RecordsPerTimeoutReset == 1)
                {
                    silence.CancelAfter(timeout);
                }

                if (ticks.Extract(record) is { } gapRecord && gap is not null)
                {
                    // Time spent on processing must not count as silence of the event hub.
                    silence.CancelAfter(Timeout.InfiniteTimeSpan);
                    await gap(gapRecord, cancellationToken);
                    silence.CancelAfter(timeout);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new EventStreamException(string.Create(
                CultureInfo.InvariantCulture,
                $"The event hub has sent nothing for {timeout.TotalSeconds:0} s; {counts.RecordsRead} of {counts.RecordsToRead} records "
                    + $"were read. If the event hub is not running, start it; then repeat the replay."));
        }
    }
}
