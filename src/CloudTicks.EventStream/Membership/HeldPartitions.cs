using System.Collections.Frozen;
using CloudTicks.Foundations;

namespace CloudTicks.EventStream.Membership;

/// <summary>
/// What a member holds, between the consumer's thread, which changes it, and the one who follows it. Only the newest matters: whoever is
/// slow skips what lay between, so nothing queues up.
/// </summary>
internal sealed class HeldPartitions
{
    private readonly object _lock = new(); // a monitor: the consumer's thread waits on it
    private readonly WakeSignal _changed = new();
    private FrozenSet<int> _held = [];
    private FrozenSet<int>? _followed = [];

    /// <summary>The newest.</summary>
    public IReadOnlySet<int> Now
    {
        get
        {
            lock (_lock)
            {
                return _held;
            }
        }
    }

    /// <summary>Changes it.</summary>
    /// <returns>False when it was so before.</returns>
    public bool Set(IEnumerable<int> partitions)
    {
        lock (_lock)
        {
            var held = partitions.ToFrozenSet();
            if (held.SetEquals(_held))
            {
                return false;
            }

            _held = held;
            _changed.Set();
            return true;
        }
    }

    /// <summary>Blocks until nothing is in use that is not held, or nobody follows any more.</summary>
    /// <returns>False when the time is over before.</returns>
    public bool WaitUntilLetGo(TimeSpan timeout)
    {
        lock (_lock)
        {
            while (_followed is not null && !_followed.IsSubsetOf(_held))
            {
                if (!Monitor.Wait(_lock, timeout))
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Hands each change over, one at a time, until it is cancelled.</summary>
    public async Task FollowAsync(Func<IReadOnlySet<int>, CancellationToken, Task> follow, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await _changed.WaitAsync(cancellationToken);
                FrozenSet<int> held;
                lock (_lock)
                {
                    held = _held;
                    _followed = [.. _followed!, .. held]; // while it changes over, both may be in use
                }

                await follow(held, cancellationToken);
                Follow(held);
            }
        }
        finally
        {
            Follow(null);
        }
    }

    /// <summary>In ascending order.</summary>
    public override string ToString() => string.Join(", ", Now.Order());

    private void Follow(FrozenSet<int>? held)
    {
        lock (_lock)
        {
            _followed = held;
            Monitor.PulseAll(_lock);
        }
    }
}
