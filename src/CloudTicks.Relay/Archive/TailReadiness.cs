namespace CloudTicks.Relay.Archive;

/// <summary>
/// Tracks whether the tail knows its positions and follows the archive, so that every tick archived from now on reaches its subscribers.
/// Acknowledgements of subscriptions wait for this.
/// </summary>
internal sealed class TailReadiness
{
    private TaskCompletionSource _readiness = Create();

    /// <summary>
    /// Completes when the tail has its positions. A caller that subscribes and then awaits this task misses no later event.
    /// </summary>
    public Task Reached => Volatile.Read(ref _readiness).Task;

    public void Set() => _readiness.TrySetResult();

    /// <summary>
    /// Marks the tail as not ready, because its positions are dropped. The caller holds <see cref="LiveChannels.Turn"/>, and there
    /// is no subscriber.
    /// </summary>
    public void Reset()
    {
        if (_readiness.Task.IsCompleted)
        {
            Volatile.Write(ref _readiness, Create());
        }
    }

    private static TaskCompletionSource Create() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
