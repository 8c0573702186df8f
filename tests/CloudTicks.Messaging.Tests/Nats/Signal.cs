namespace CloudTicks.Messaging.Tests.Nats;

/// <summary>Completes a task when a count is reached.</summary>
internal sealed class Signal(long target)
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _count;

    public Task Reached => _reached.Task;

    public long Count => Volatile.Read(ref _count);

    public void Add()
    {
        if (Interlocked.Increment(ref _count) == target)
            _reached.SetResult();
    }
}
