using System.Collections.Frozen;
using CloudTicks.Foundations;

namespace CloudTicks.EventStream.Membership;

/// <summary>Passes a member's partitions from the consumer's thread to its follower. A slow follower gets only the newest set.</summary>
internal sealed class HeldPartitions
{
    private readonly object _lock = new(); // a monitor, because the consumer's thread waits on it
    private readonly WakeSignal _changed = new();
    private FrozenSet<int> _held = [];
    private FrozenSet<int>? _followed = [];

    public IReadOnlySet<int> Current
    {
        get
        {
            lock (_lock)
            {
                return _held;
            }
        }
    }

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

    /// <summary>
    /// Blocks until the follower has released all partitions that are not held, or has ended. Returns false on a timeout.
    /// </summary>
    public bool WaitUntilReleased(TimeSpan timeout)
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

    /// <summary>Passes the newest set to the follower after changes, one call at a time, until this call is cancelled.</summary>
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
                    _followed = [.. _followed!, .. held]; // during the change both sets may be in use
                }

                await follow(held, cancellationToken);
                SetFollowed(held);
            }
        }
        finally
        {
            SetFollowed(null);
        }
    }

    /// <summary>The partitions in ascending order.</summary>
    public override string ToString() => string.Join(", ", Current.Order());

    private void SetFollowed(FrozenSet<int>? held)
    {
        lock (_lock)
        {
            _followed = held;
            Monitor.PulseAll(_lock);
        }
    }
}
