using CloudTicks.EventStream;
using CloudTicks.EventStream.Topics;

namespace CloudTicks.Functions.Querying;

/// <summary>
/// Determines whether the archive has records from before the table's beginning: only then does a hint include the command. Records are
/// compared by the time at which they were written, so an older tick that was backfilled later is not found.
/// </summary>
/// <param name="hasOlder">Queries the event hub for a record written before a time, Unix ms.</param>
public sealed class ArchiveStart(Func<long, CancellationToken, Task<bool>> hasOlder, TimeProvider time)
{
    /// <summary>The timeout of the query: an unavailable event hub must not delay the response.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(1);

    private QueryResult? _lastResult;

    /// <summary>Creates an instance that queries the event hub.</summary>
    public static ArchiveStart Of(StreamPositions positions, TimeProvider time) => new(
        async (beforeMs, cancellationToken) =>
        {
            var since = await positions.GetOffsetsSinceAsync(TopicNames.TickArchive, beforeMs, cancellationToken);
            return (await positions.GetWatermarksAsync(TopicNames.TickArchive, cancellationToken)).Any(
                partition => partition.Low < partition.High && partition.Low < since.GetValueOrDefault(partition.Partition, long.MaxValue));
        },
        time);

    /// <summary>Returns whether there may be older records; true also when the event hub does not answer in time.</summary>
    public async Task<bool> MayHaveOlderAsync(long tableFromMs, CancellationToken cancellationToken)
    {
        // Records written after this query are newer, so the result stays valid until the beginning of the table changes.
        if (_lastResult is { } known && known.TableFromMs == tableFromMs)
        {
            return known.HasOlder;
        }

        try
        {
            var hasOlderRecords = await hasOlder(tableFromMs, cancellationToken).WaitAsync(MaxWait, time, cancellationToken);
            _lastResult = new QueryResult(tableFromMs, hasOlderRecords);
            return hasOlderRecords;
        }
        catch (Exception unavailable) when (unavailable is EventStreamException or TimeoutException)
        {
            return true;
        }
    }

    private sealed record QueryResult(long TableFromMs, bool HasOlder);
}
