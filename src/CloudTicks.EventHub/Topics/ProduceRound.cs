using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Topics;

/// <summary>The batches of one produce request. Holds the request's buffer until the last batch is completed.</summary>
internal sealed class ProduceRound(RequestBuffer buffer)
{
    private readonly TaskCompletionSource _completion = new();
    private int _openCount = 1;
    private LogFailure? _abandonReason;
    private volatile bool _isDone;

    /// <summary>
    /// Completes when all batches are completed; fails with a <see cref="LogUnavailableException"/> when no response may be sent.
    /// </summary>
    public Task Completion => _completion.Task;

    /// <summary>True when every batch is completed, so that the response can be sent.</summary>
    public bool IsDone => _isDone;

    public void AddBatch()
    {
        buffer.Retain();
        Interlocked.Increment(ref _openCount);
    }

    public void Close() => CountDown();

    public void Abandon(LogFailure reason) => _abandonReason = reason;

    public void CompleteBatch()
    {
        buffer.Release();
        CountDown();
    }

    private void CountDown()
    {
        if (Interlocked.Decrement(ref _openCount) > 0)
        {
            return;
        }

        if (_abandonReason is { } reason)
        {
            _ = Task.Run(() => _completion.TrySetException(new LogUnavailableException(reason)));
        }
        else
        {
            _isDone = true;
            CompletionBatch.Complete(_completion);
        }
    }
}
