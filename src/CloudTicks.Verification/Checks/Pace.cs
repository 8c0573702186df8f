namespace CloudTicks.Verification.Checks;

/// <summary>How long, and how often, checks look at what must move.</summary>
/// <param name="patience">How long it may stand still.</param>
internal sealed class Pace(TimeSpan patience, TimeProvider time)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan OnItsWay = TimeSpan.FromSeconds(2);

    public TimeSpan Patience => patience;

    /// <summary>A last while for what was begun at the end of the patience.</summary>
    public Pace LastWhile => new(patience < OnItsWay ? patience : OnItsWay, time);

    /// <summary>Looks again and again, until it is so or the patience is over.</summary>
    public async Task<bool> UntilAsync(Func<Task<bool>> isSo, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            if (await isSo())
            {
                return true;
            }

            if (time.GetElapsedTime(began) >= patience)
            {
                return false;
            }

            await Task.Delay(BetweenLooks, time, cancellationToken);
        }
    }
}
