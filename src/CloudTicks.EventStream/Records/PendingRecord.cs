namespace CloudTicks.EventStream.Records;

internal sealed class PendingRecord(string topic, int partition, int bytes, long sentAt)
{
    /// <summary>The cost of a record in addition to its bytes; it limits the number of tiny records.</summary>
    private const int OverheadBytes = 512;

    private readonly TaskCompletionSource<long> _delivered = new();

    public string Topic => topic;

    public int Partition => partition;

    public int Bytes => bytes;

    /// <summary>The time at which the record was sent, a timestamp of the producer's clock.</summary>
    public long SentAt => sentAt;

    /// <summary>
    /// Completes with the record's offset, or fails when the record is rejected or the producer stops. Continuations run on the completing
    /// thread.
    /// </summary>
    public Task<long> Delivered => _delivered.Task;

    /// <summary>The part of the producer's budget that a record uses.</summary>
    public static long CostOf(int bytes) => bytes + OverheadBytes;

    /// <param name="refusal">The error when the event hub has rejected the record; null when it has accepted it.</param>
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
