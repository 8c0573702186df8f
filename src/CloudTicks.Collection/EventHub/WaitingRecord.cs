using CloudTicks.Collection.Records;

namespace CloudTicks.Collection.EventHub;

/// <summary>A record that was handed over to the event hub and waits for its acknowledgement.</summary>
internal sealed class WaitingRecord(OutgoingRecord record)
{
    // Continuations run synchronously on the completing thread, which holds no lock: a thread switch per record would cost too much.
    private readonly TaskCompletionSource _acknowledged = new();

    public OutgoingRecord Record => record;

    public LinkedListNode<WaitingRecord>? Node { get; set; }

    public Task Acknowledged => _acknowledged.Task;

    /// <param name="refusal">Why the event hub refused the record; null when it acknowledged it.</param>
    public void Complete(Exception? refusal)
    {
        if (refusal is null)
        {
            _acknowledged.TrySetResult();
        }
        else
        {
            _acknowledged.TrySetException(refusal);
        }
    }
}
