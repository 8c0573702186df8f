using System.Threading.Channels;

namespace CloudTicks.Polygon.Sessions;

/// <summary>
/// Lets one loop wait until somebody has news for it, or until a time is over, whichever comes first. News that comes twice before the loop
/// looks wakes it once.
/// </summary>
/// <param name="time">Measures the waits.</param>
public sealed class WakeSignal(TimeProvider time)
{
    /// <summary>Timers take no longer waits.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    // One signal that waits says as much as two.
    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>There is news.</summary>
    public void Set() => _signals.Writer.TryWrite(true);

    /// <summary>Waits for news.</summary>
    /// <param name="atMost">How long; for ever when null.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task WaitAsync(TimeSpan? atMost, CancellationToken cancellationToken)
    {
        if (atMost is not { } wait)
        {
            await _signals.Reader.ReadAsync(cancellationToken);
            return;
        }

        // Timers count whole milliseconds; a shorter wait would be none.
        var most = TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling((wait < LongestWait ? wait : LongestWait).TotalMilliseconds)));
        await using var timer = time.CreateTimer(_ => Set(), null, most, Timeout.InfiniteTimeSpan);
        await _signals.Reader.ReadAsync(cancellationToken);
    }
}
