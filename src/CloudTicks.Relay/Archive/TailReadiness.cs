namespace CloudTicks.Relay.Archive;

/// <summary>
/// Whether the tail has positions that it follows, so that every tick archived from now on reaches its subscribers. Acknowledgements wait
/// for it.
/// </summary>
internal sealed class TailReadiness
{
    private TaskCompletionSource _readiness = Create();

    /// <summary>
    /// Completes when the tail has its positions. A caller that gets the task after subscribing misses no event once it completes.
    /// </summary>
    public Task Reached => Volatile.Read(ref _readiness).Task;

    public void Set() => _readiness.TrySetResult();

    /// <summary>Drops the tail's positions. The caller holds the turn of <see cref="LiveChannels"/>, and there is no subscriber.</summary>
    public void Reset()
    {
        if (_readiness.Task.IsCompleted)
        {
            Volatile.Write(ref _readiness, Create());
        }
    }

    private static TaskCompletionSource Create() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
