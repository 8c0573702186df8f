using CloudTicks.EventStream;
using CloudTicks.EventStream.Topics;

namespace CloudTicks.Functions.Querying;

/// <summary>
/// Knows whether the archive has records from before the table's beginning, so that a command that brings nothing back is not offered. What
/// counts is when a record was written: an older tick that was archived later, by a backfill, is not seen here.
/// </summary>
/// <param name="hasOlder">Asks the event hub whether a record was written before a time, Unix ms.</param>
public sealed class ArchiveBeginning(Func<long, CancellationToken, Task<bool>> hasOlder, TimeProvider time)
{
    /// <summary>A hub that is away holds up no answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private Answer? _known;

    /// <summary>By the event hub.</summary>
    public static ArchiveBeginning Of(StreamPositions positions, TimeProvider time) => new(
        async (beforeMs, cancellationToken) =>
        {
            var since = await positions.GetOffsetsSinceAsync(TopicNames.TickArchive, beforeMs, cancellationToken);
            return (await positions.GetWatermarksAsync(TopicNames.TickArchive, cancellationToken)).Any(
                partition => partition.Low < partition.High && partition.Low < since.GetValueOrDefault(partition.Partition, long.MaxValue));
        },
        time);

    /// <summary>Whether there may be some; true also when the event hub does not answer in time.</summary>
    public async Task<bool> MayHaveOlderAsync(long tableFromMs, CancellationToken cancellationToken)
    {
        // What is written from now on is younger, so an answer holds for as long as the table begins there.
        if (_known is { } known && known.TableFromMs == tableFromMs)
        {
            return known.HasOlder;
        }

        try
        {
            var answer = await hasOlder(tableFromMs, cancellationToken).WaitAsync(Patience, time, cancellationToken);
            _known = new Answer(tableFromMs, answer);
            return answer;
        }
        catch (Exception away) when (away is EventStreamException or TimeoutException)
        {
            return true;
        }
    }

    private sealed record Answer(long TableFromMs, bool HasOlder);
}
