using System.Collections.Concurrent;

namespace CloudTicks.Functions.Configuring;

/// <summary>Wakes requests that wait for a document to change.</summary>
public sealed class DocumentSignals
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiters = new();

    /// <summary>
    /// Returns a task that completes at the next change. Get it before reading the document, so that no change is missed.
    /// </summary>
    public Task Next(string service) =>
        _waiters.GetOrAdd(service, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    internal void Wake(string service)
    {
        if (_waiters.TryRemove(service, out var waiting))
        {
            waiting.SetResult();
        }
    }
}
