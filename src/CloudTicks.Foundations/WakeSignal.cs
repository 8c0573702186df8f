using System.Threading.Channels;

namespace CloudTicks.Foundations;

/// <summary>
/// Wakes a waiting loop. However often the signal is set while the loop is busy, it ends only the next wait. Any thread may set it.
/// </summary>
public sealed class WakeSignal
{
    /// <summary>The longest wait for which a timer is set; timers accept at most 49 days.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromDays(1);

    private readonly Channel<bool> _wakeups = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    // Distinguishes a signal from an expired timer.
    private bool _isSet;

    /// <summary>Wakes the loop if it is waiting; otherwise its next wait returns immediately.</summary>
    public void Set()
    {
        Volatile.Write(ref _isSet, true);
        _wakeups.Writer.TryWrite(true);
    }

    /// <summary>Waits for a signal.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        do
        {
            await _wakeups.Reader.ReadAsync(cancellationToken);
        }
        while (!Interlocked.Exchange(ref _isSet, false));
    }

    /// <summary>Waits for a signal, for a limited time.</summary>
    /// <param name="atMost">The maximum wait, raised to a millisecond or reduced to a day if necessary; null for no limit.</param>
    /// <returns>False when the time has passed without a signal.</returns>
    public async Task<bool> WaitAsync(TimeSpan? atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        if (atMost is not { } limit)
        {
            await WaitAsync(cancellationToken);
            return true;
        }

        // Timers count whole milliseconds, so a shorter wait would be zero.
        var wait = TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling((limit < MaxWait ? limit : MaxWait).TotalMilliseconds)));
        var isExpired = false;
        void Expire()
        {
            Volatile.Write(ref isExpired, true);
            _wakeups.Writer.TryWrite(true);
        }

        await using var timer = time.CreateTimer(_ => Expire(), null, wait, Timeout.InfiniteTimeSpan);
        while (true)
        {
            await _wakeups.Reader.ReadAsync(cancellationToken);
            if (Interlocked.Exchange(ref _isSet, false))
            {
                return true;
            }

            // The wake-up is either the timer's or belongs to an earlier wait.
            if (Volatile.Read(ref isExpired))
            {
                return false;
            }
        }
    }
}
