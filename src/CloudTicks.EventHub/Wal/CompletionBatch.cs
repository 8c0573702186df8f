namespace CloudTicks.EventHub.Wal;

/// <summary>
/// Completes waiting tasks on the thread pool. The tasks that one write of the log completes share a few work items, because waking a
/// thread for each costs more than most responses.
/// </summary>
internal sealed class CompletionBatch : IThreadPoolWorkItem
{
    /// <summary>Maximum tasks of one work item; further tasks run in further work items.</summary>
    private const int MaxPerWorkItem = 16;

    [ThreadStatic]
    private static CompletionBatch? _current;

    private readonly List<TaskCompletionSource> _completions = [];

    /// <summary>Starts collecting the completions of this thread; <see cref="Dispatch"/> then runs them.</summary>
    public static void Gather() => _current = new CompletionBatch();

    public static void Dispatch()
    {
        if (_current is { _completions.Count: > 0 } batch)
        {
            ThreadPool.UnsafeQueueUserWorkItem(batch, preferLocal: false);
        }

        _current = null;
    }

    /// <param name="completion">Needs no RunContinuationsAsynchronously, because it is completed on the thread pool.</param>
    public static void Complete(TaskCompletionSource completion)
    {
        if (_current is not { } current)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static completion => completion.TrySetResult(), completion, preferLocal: false);
            return;
        }

        current._completions.Add(completion);
        if (current._completions.Count == MaxPerWorkItem)
        {
            Dispatch();
            Gather();
        }
    }

    public void Execute() => _completions.ForEach(static completion => completion.TrySetResult());
}
