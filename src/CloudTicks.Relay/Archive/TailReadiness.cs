namespace CloudTicks.Relay.Archive;

/// <summary>
/// Tracks whether the tail's positions are set, so that every tick archived later reaches its subscribers. Acknowledgements of
/// subscriptions wait for this.
/// </summary>
internal sealed class TailReadiness
{
    private TaskCompletionSource _readiness = Create();

    /// <summary>
    /// Completes when the tail's positions are set. A caller that subscribes and then awaits this task misses no later event.
    /// </summary>
    public Task Reached => Volatile.Read(ref _readiness).Task;

    public void Set() => _readiness.TrySetResult();

    /// <summary>
    /// Marks the tail as not ready, because the next opening sets new positions. The caller holds <see cref="LiveChannels.DeliveryLock"/>,
    /// and no client is subscribed.
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
