namespace CloudTicks.EventHub.Partitions;

/// <summary>A fetch that waits until enough bytes were appended to any of its partitions.</summary>
internal sealed class FetchWaiter(long bytesWanted)
{
    private readonly TaskCompletionSource _enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _missing = bytesWanted;

    public Task Enough => _enough.Task;

    public void Appended(long bytes)
    {
        if (Interlocked.Add(ref _missing, -bytes) <= 0)
        {
            _enough.TrySetResult();
        }
    }

    public void Wake() => _enough.TrySetResult();
}
