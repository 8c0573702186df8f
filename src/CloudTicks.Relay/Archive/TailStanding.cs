namespace CloudTicks.Relay.Archive;

/// <summary>
/// Whether the tail has positions that it follows, so that every tick archived from now on reaches its subscribers. Acknowledgements wait
/// for it.
/// </summary>
internal sealed class TailStanding
{
    private TaskCompletionSource _standing = Create();

    /// <summary>Completes when the tail has its positions. Read behind a subscription, it is that subscription's.</summary>
    public Task Reached => Volatile.Read(ref _standing).Task;

    public void Set() => _standing.TrySetResult();

    /// <summary>The tail gives its positions up. The caller has the turn of <see cref="LiveChannels"/>, and nobody is subscribed.</summary>
    public void Reset()
    {
        if (_standing.Task.IsCompleted)
        {
            Volatile.Write(ref _standing, Create());
        }
    }

    private static TaskCompletionSource Create() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
