namespace CloudTicks.Functions.Storing;

/// <summary>Whether the database has this program's schema; without it nothing is stored.</summary>
public sealed class SchemaReadiness
{
    private volatile TaskCompletionSource _ready = NewSource();
    private volatile string? _problem;

    /// <summary>Why the database lacks the schema; null when it has the schema or was not queried yet.</summary>
    public string? Problem => _problem;

    internal bool IsReady => _ready.Task.IsCompleted;

    /// <summary>Waits until the database is ready.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _ready.Task.WaitAsync(cancellationToken);

    internal void Set()
    {
        _problem = null;
        _ready.TrySetResult();
    }

    /// <summary>Makes callers wait until the database is ready again. Called by one thread at a time.</summary>
    internal void Reset(string problem)
    {
        _problem = problem;
        if (_ready.Task.IsCompleted)
        {
            _ready = NewSource();
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
