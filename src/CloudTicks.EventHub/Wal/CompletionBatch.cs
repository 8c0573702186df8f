namespace CloudTicks.EventHub.Wal;

/// <summary>
/// Completes waiting tasks on the thread pool. All tasks that one write of the log completes run as one work item, because waking a thread
/// for each costs more than most responses.
/// </summary>
internal sealed class CompletionBatch : IThreadPoolWorkItem
{
    /// <summary>Maximum tasks of one work item; further tasks run in further work items.</summary>
    private const int MaxPerWorkItem = 16;

    [ThreadStatic]
    private static CompletionBatch? _current;

    private readonly List<TaskCompletionSource> _completions = [];

    /// <summary>Starts to collect the completions of this thread, until <see cref="Start"/>.</summary>
    public static void Gather() => _current = new CompletionBatch();

    public static void Start()
    {
        if (_current is { _completions.Count: > 0 } batch)
        {
            ThreadPool.UnsafeQueueUserWorkItem(batch, preferLocal: false);
        }

        _current = null;
    }

    /// <param name="completion">Need not run its continuations asynchronously.</param>
    public static void End(TaskCompletionSource completion)
    {
        if (_current is not { } current)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static completion => completion.TrySetResult(), completion, preferLocal: false);
            return;
        }

        current._completions.Add(completion);
        if (current._completions.Count == MaxPerWorkItem)
        {
            Start();
            Gather();
        }
    }

    public void Execute() => _completions.ForEach(static completion => completion.TrySetResult());
}
