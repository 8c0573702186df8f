namespace CloudTicks.EventHub.Wal;

/// <summary>
/// Ends on the thread pool what is waited for. All that one write of the log ends is one piece of work there: waking a thread for each
/// costs more than most answers do.
/// </summary>
internal sealed class CompletionBatch : IThreadPoolWorkItem
{
    /// <summary>With more of them other threads help.</summary>
    private const int MaxOfOneThread = 16;

    [ThreadStatic]
    private static CompletionBatch? _gathering;

    private readonly List<TaskCompletionSource> _ended = [];

    /// <summary>Until <see cref="Start"/>, what this thread ends is gathered.</summary>
    public static void Gather() => _gathering = new CompletionBatch();

    public static void Start()
    {
        if (_gathering is { _ended.Count: > 0 } gathered)
        {
            ThreadPool.UnsafeQueueUserWorkItem(gathered, preferLocal: false);
        }

        _gathering = null;
    }

    /// <param name="waited">It need not run its continuations asynchronously.</param>
    public static void End(TaskCompletionSource waited)
    {
        if (_gathering is not { } gathering)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static waited => waited.TrySetResult(), waited, preferLocal: false);
            return;
        }

        gathering._ended.Add(waited);
        if (gathering._ended.Count == MaxOfOneThread)
        {
            Start();
            Gather();
        }
    }

    public void Execute() => _ended.ForEach(static waited => waited.TrySetResult());
}
