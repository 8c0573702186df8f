namespace CloudTicks.EventStream.Records;

internal sealed class PendingRecord(string topic, int partition, int bytes, long sentAt)
{
    /// <summary>What a small record costs beside its bytes; keeps a flood of tiny ones within the bound too.</summary>
    private const int OverheadBytes = 512;

    private readonly TaskCompletionSource<long> _delivered = new();

    public string Topic => topic;

    public int Partition => partition;

    public int Bytes => bytes;

    /// <summary>A timestamp of the producer's clock.</summary>
    public long SentAt => sentAt;

    /// <summary>What waits for it runs where it is completed.</summary>
    public Task<long> Delivered => _delivered.Task;

    /// <summary>What a record of so many bytes takes of the producer's budget.</summary>
    public static long CostOf(int bytes) => bytes + OverheadBytes;

    /// <param name="refusal">Why the event hub does not take it; null when it has it.</param>
    public void Complete(long offset, EventStreamException? refusal)
    {
        if (refusal is null)
        {
            _delivered.TrySetResult(offset);
        }
        else
        {
            _delivered.TrySetException(refusal);
        }
    }
}
