using System.Globalization;

namespace CloudTicks.Cli.Replaying;

/// <summary>Computes when a tick is due: its time after the first tick, divided by the speed.</summary>
/// <param name="speed">1 is the original speed, 60 replays a minute in a second; infinity is unlimited.</param>
internal sealed class ReplayPace(double speed, TimeProvider time)
{
    private long _firstMs;
    private long? _startedAt;

    /// <summary>The time of the last tick, Unix ms; null before the first.</summary>
    public long? LastTickMs { get; private set; }

    public bool IsDue(long timestampMs)
    {
        LastTickMs = timestampMs;
        return double.IsPositiveInfinity(speed) || TimeUntilDue(timestampMs) <= TimeSpan.Zero;
    }

    public async Task WaitAsync(long timestampMs, CancellationToken cancellationToken)
    {
        // A timer is limited to 49 days; a slow replay may wait longer.
        for (var remaining = TimeUntilDue(timestampMs); remaining > TimeSpan.Zero; remaining = TimeUntilDue(timestampMs))
        {
            await Task.Delay(remaining < TimeSpan.FromHours(1) ? remaining : TimeSpan.FromHours(1), time, cancellationToken);
        }
    }

    /// <summary>Reads <c>max</c>, <c>1</c>, <c>0.5</c> or <c>60x</c>.</summary>
    public static bool TryParse(string text, out double speed)
    {
        if (text.Equals("max", StringComparison.OrdinalIgnoreCase))
        {
            speed = double.PositiveInfinity;
            return true;
        }

        return double.TryParse(text.TrimEnd('x', 'X'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out speed)
            && speed is > 0 and <= 1_000_000;
    }

    private TimeSpan TimeUntilDue(long timestampMs)
    {
        if (_startedAt is not { } started)
        {
            (_startedAt, _firstMs) = (time.GetTimestamp(), timestampMs);
            return TimeSpan.Zero;
        }

        var due = Math.Min((timestampMs - _firstMs) / speed, TimeSpan.MaxValue.TotalMilliseconds / 2);
        return TimeSpan.FromMilliseconds(due) - time.GetElapsedTime(started);
    }
}
