using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Topics;

/// <summary>Moves the starts of partitions, and deletes the segments before them once the move is durable.</summary>
internal sealed class LogStarts(WriteAheadLog log, ILogger logger)
{
    /// <summary>Moves the starts with one flush.</summary>
    /// <returns>The result of each move; <see cref="ErrorCode.StorageError"/> when the disk accepts no writes.</returns>
    /// <exception cref="LogUnavailableException">The event hub is stopping, or its disk failed.</exception>
    public async Task<IReadOnlyList<ErrorCode>> MoveAsync(IReadOnlyList<LogStartMove> moves)
    {
        foreach (var move in moves)
        {
            log.Enqueue(move);
        }

        var outcomes = new List<ErrorCode>(moves.Count);
        foreach (var move in moves)
        {
            outcomes.Add(await OutcomeAsync(move));
            foreach (var segment in move.Removed)
            {
                Delete(move.Partition, segment);
            }
        }

        return outcomes;
    }

    private static async Task<ErrorCode> OutcomeAsync(LogStartMove move)
    {
        try
        {
            return await move.Completion;
        }
        catch (LogUnavailableException e) when (e.Reason == LogFailure.DiskFull)
        {
            return ErrorCode.StorageError;
        }
    }

    private void Delete(PartitionLog partition, Segment segment)
    {
        try
        {
            segment.Remove();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.SegmentNotDeleted(partition.Name, segment.BaseOffset, e.Message);
        }
    }
}
