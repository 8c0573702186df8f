using CloudTicks.Collection.Records;

namespace CloudTicks.Collection.EventHub;

/// <summary>A record that was handed over, until the event hub has answered.</summary>
internal sealed class WaitingRecord(OutgoingRecord record)
{
    // What waits for it runs on the thread of the answer, which holds no lock: a thread for each record would cost more than the record.
    private readonly TaskCompletionSource _answer = new();

    public OutgoingRecord Record => record;

    public LinkedListNode<WaitingRecord>? Place { get; set; }

    public Task Acknowledged => _answer.Task;

    /// <param name="refusal">Why not; null when it was acknowledged.</param>
    public void Answer(Exception? refusal)
    {
        if (refusal is null)
        {
            _answer.TrySetResult();
        }
        else
        {
            _answer.TrySetException(refusal);
        }
    }
}
