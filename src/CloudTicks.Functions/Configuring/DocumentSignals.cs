using System.Collections.Concurrent;

namespace CloudTicks.Functions.Configuring;

/// <summary>Wakes those who wait for a document to change.</summary>
public sealed class DocumentSignals
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new();

    /// <summary>Completes at the next change. To be taken before the document is read, so that no change falls in between.</summary>
    public Task Next(string service) =>
        _waiting.GetOrAdd(service, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    internal void Wake(string service)
    {
        if (_waiting.TryRemove(service, out var waiting))
        {
            waiting.SetResult();
        }
    }
}
