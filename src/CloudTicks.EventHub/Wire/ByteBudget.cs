namespace CloudTicks.EventHub.Wire;

/// <summary>
/// A bound on bytes held in memory by all connections together. Whoever finds it spent waits, in order; a connection that
/// waits reads nothing, so TCP holds its client back.
/// </summary>
internal sealed class ByteBudget(long bytes)
{
    private readonly long _bytes = bytes;
    private readonly Lock _gate = new();
    private readonly LinkedList<(long Bytes, TaskCompletionSource Granted)> _waiting = [];
    private long _free = bytes;

    /// <summary>True while somebody waits for bytes that others hold.</summary>
    public bool IsSpent
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count > 0;
            }
        }
    }

    /// <summary>Takes bytes without waiting; false when they are not there.</summary>
    public bool TryTake(long count)
    {
        lock (_gate)
        {
            if (_waiting.Count > 0 || _free < count)
            {
                return false;
            }

            _free -= count;
            return true;
        }
    }

    public async ValueTask TakeAsync(long count, CancellationToken cancellationToken)
    {
        // A single request larger than the whole budget gets all of it instead of waiting for ever.
        count = Math.Min(count, _bytes);
        TaskCompletionSource granted;
        LinkedListNode<(long Bytes, TaskCompletionSource Granted)> place;
        lock (_gate)
        {
            if (_waiting.Count == 0 && _free >= count)
            {
                _free -= count;
                return;
            }

            granted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            place = _waiting.AddLast((count, granted));
        }

        using var registration = cancellationToken.Register(() =>
        {
            lock (_gate)
            {
                if (place.List is not null)
                {
                    _waiting.Remove(place);
                    granted.TrySetCanceled(cancellationToken);
                    Grant();
                }
            }
        });
        await granted.Task;
    }

    public void Release(long count)
    {
        lock (_gate)
        {
            _free += Math.Min(count, _bytes);
            Grant();
        }
    }

    private void Grant()
    {
        while (_waiting.First is { } first && _free >= first.Value.Bytes)
        {
            _free -= first.Value.Bytes;
            _waiting.RemoveFirst();
            first.Value.Granted.TrySetResult();
        }
    }
}
