namespace CloudTicks.EventStream.Records;

internal sealed class PendingRecord(string topic, int partition, int bytes, long sentAt)
{
    /// <summary>What a small record costs beside its bytes; keeps a flood of tiny ones within the bound too.</summary>
    private const int OverheadBytes = 512;

    private readonly TaskCompletionSource<long> _delivered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Topic => topic;

    public int Partition => partition;

    public int Bytes => bytes;

    /// <summary>A timestamp of the producer's clock.</summary>
    public long SentAt => sentAt;

    public Task<long> Delivered => _delivered.Task;

    /// <summary>What a record of so many bytes takes of the producer's budget.</summary>
    public static long CostOf(int bytes) => bytes + OverheadBytes;

    public void Complete(long offset) => _delivered.TrySetResult(offset);

    public void Fail(EventStreamException reason) => _delivered.TrySetException(reason);
}
