using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Timescale.Storing;

/// <summary>Rows of one partition on their way into a transaction, and the move of the partition's offset that goes with them.</summary>
internal sealed class PendingWrite(StreamPartition partition, long expectedOffset, long nextOffset, ReadOnlyMemory<byte> rows, int rowCount)
{
    private readonly TaskCompletionSource<WriteOutcome> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public StreamPartition Partition => partition;

    /// <summary>Where the partition must stand for the rows to be written.</summary>
    public long ExpectedOffset => expectedOffset;

    public long NextOffset => nextOffset;

    public ReadOnlyMemory<byte> Rows => rows;

    public int RowCount => rowCount;

    /// <summary>States of gaps that go with the rows; the caller's list, like the rows.</summary>
    public IReadOnlyList<FeedGap> Gaps { get; init; } = [];

    /// <summary>Whether rows of this partition were in the table already a moment ago.</summary>
    public bool LikelyRepeats { get; init; }

    /// <summary>The caller's wish to stop; the rows are its buffer, so it waits for <see cref="Done"/> all the same.</summary>
    public CancellationToken Cancellation { get; init; }

    public Task<WriteOutcome> Done => _done.Task;

    public void Complete(WriteOutcome outcome) => _done.TrySetResult(outcome);

    public void Fail(Exception problem) => _done.TrySetException(problem);
}

/// <summary>What became of a write.</summary>
/// <param name="Committed">False when the partition stood elsewhere; then nothing was written.</param>
internal readonly record struct WriteOutcome(bool Committed, long InsertedRows);
