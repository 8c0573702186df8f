using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Timescale.Storing;

/// <summary>Rows of one partition waiting for a transaction, which also advances the partition's offset.</summary>
internal sealed class PendingWrite(StreamPartition partition, long expectedOffset, long nextOffset, ReadOnlyMemory<byte> rows, int rowCount)
{
    private readonly TaskCompletionSource<WriteOutcome> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public StreamPartition Partition => partition;

    /// <summary>The offset that the partition must have for this write.</summary>
    public long ExpectedOffset => expectedOffset;

    public long NextOffset => nextOffset;

    public ReadOnlyMemory<byte> Rows => rows;

    public int RowCount => rowCount;

    /// <summary>States of gaps to write with the rows. The caller owns the list and the rows.</summary>
    public IReadOnlyList<FeedGap> Gaps { get; init; } = [];

    /// <summary>Whether the partition's previous write had rows that were already in the table.</summary>
    public bool LikelyRepeats { get; init; }

    /// <summary>
    /// The caller's cancellation token. A caller that is cancelled still waits for <see cref="Done"/>, because it owns the buffer of the
    /// rows.
    /// </summary>
    public CancellationToken Cancellation { get; init; }

    public Task<WriteOutcome> Done => _done.Task;

    public void Complete(WriteOutcome outcome) => _done.TrySetResult(outcome);

    public void Fail(Exception problem) => _done.TrySetException(problem);
}

/// <summary>The result of a write.</summary>
/// <param name="Committed">False when the partition had another offset; nothing was written.</param>
internal readonly record struct WriteOutcome(bool Committed, long InsertedRows);
