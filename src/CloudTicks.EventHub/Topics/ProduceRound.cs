using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Topics;

/// <summary>The batches of one produce request: keeps the request's bytes until the last of them is answered.</summary>
internal sealed class ProduceRound(RequestBuffer buffer)
{
    private readonly TaskCompletionSource _answered = new();
    private int _open = 1;
    private LogFailure? _abandoned;
    private volatile bool _isDone;

    /// <summary>Ends when every batch is answered; with a <see cref="LogUnavailableException"/> when no answer may be given.</summary>
    public Task Answered => _answered.Task;

    /// <summary>Every batch is answered, and so is the request at once.</summary>
    public bool IsDone => _isDone;

    public void Open()
    {
        buffer.Retain();
        Interlocked.Increment(ref _open);
    }

    public void Close() => Count();

    public void Abandon(LogFailure reason) => _abandoned = reason;

    public void Done()
    {
        buffer.Release();
        Count();
    }

    private void Count()
    {
        if (Interlocked.Decrement(ref _open) > 0)
        {
            return;
        }

        if (_abandoned is { } reason)
        {
            _ = Task.Run(() => _answered.TrySetException(new LogUnavailableException(reason)));
        }
        else
        {
            _isDone = true;
            CompletionBatch.End(_answered);
        }
    }
}
