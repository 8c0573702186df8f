using CloudTicks.Collection.Records;

namespace CloudTicks.Collection.EventHub;

/// <summary>A record that was handed over, until the event hub has answered.</summary>
internal sealed class WaitingRecord(OutgoingRecord record)
{
    private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

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
