namespace CloudTicks.Foundations;

/// <summary>
/// Bounds the bytes that are held or under way. A request for more than is left waits, first come first served; one that is larger than
/// the whole budget is granted alone. Thread-safe.
/// </summary>
public sealed class ByteBudget(long capacity)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _waiters = new();
    private long _used;

    /// <summary>Bytes that are taken.</summary>
    public long Used
    {
        get
        {
            lock (_lock)
            {
                return _used;
            }
        }
    }

    /// <summary>Takes bytes without waiting; <see cref="Release"/> returns them.</summary>
    /// <returns>False when they do not fit, or others wait.</returns>
    public bool TryTake(long bytes)
    {
        lock (_lock)
        {
            if (_waiters.Count > 0 || _used + bytes > capacity)
            {
                return false;
            }

            _used += bytes;
            return true;
        }
    }

    /// <summary>Takes bytes, and waits for them if necessary; <see cref="Release"/> returns them.</summary>
    /// <param name="cancellationToken">Ends the wait; nothing is taken then.</param>
    public ValueTask TakeAsync(long bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        LinkedListNode<Waiter> node;
        lock (_lock)
        {
            if (_waiters.Count == 0 && Fits(bytes))
            {
                _used += bytes;
                return ValueTask.CompletedTask;
            }

            node = _waiters.AddLast(new Waiter(bytes));
        }

        return WaitAsync(node, cancellationToken);
    }

    /// <summary>Returns bytes that were taken.</summary>
    public void Release(long bytes)
    {
        lock (_lock)
        {
            _used -= bytes;
            while (_waiters.First is { } first && Fits(first.Value.Bytes))
            {
                _waiters.RemoveFirst();
                _used += first.Value.Bytes;
                first.Value.Granted.SetResult();
            }
        }
    }

    private bool Fits(long bytes) => _used == 0 || _used + bytes <= capacity;

    private async ValueTask WaitAsync(LinkedListNode<Waiter> node, CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.Register(() => Abandon(node, cancellationToken));
        await node.Value.Granted.Task;
    }

    private void Abandon(LinkedListNode<Waiter> node, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (node.List is null)
            {
                return; // granted meanwhile: the waiter has the bytes
            }

            _waiters.Remove(node);
        }

        node.Value.Granted.SetCanceled(cancellationToken);
        Release(0); // smaller requests behind it may fit
    }

    private sealed class Waiter(long bytes)
    {
        public long Bytes => bytes;

        public TaskCompletionSource Granted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
