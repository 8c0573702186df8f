namespace CloudTicks.Verification.Checks;

/// <summary>Determines how long and how often checks poll a figure that must change.</summary>
/// <param name="timeout">The maximum time to poll.</param>
internal sealed class Pace(TimeSpan timeout, TimeProvider time)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MaxExtension = TimeSpan.FromSeconds(2);

    public TimeSpan MaxWait => timeout;

    /// <summary>A short extension for ticks that arrive just before the time-out.</summary>
    public Pace Extension => new(timeout < MaxExtension ? timeout : MaxExtension, time);

    /// <summary>Polls until the condition holds or the time-out expires.</summary>
    public async Task<bool> UntilAsync(Func<Task<bool>> condition, CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        while (true)
        {
            if (await condition())
            {
                return true;
            }

            if (time.GetElapsedTime(startedAt) >= timeout)
            {
                return false;
            }

            await Task.Delay(PollInterval, time, cancellationToken);
        }
    }
}
