using CloudTicks.Foundations;

namespace CloudTicks.Polygon.Sessions;

/// <summary>
/// The pauses before reconnects, with full jitter, so that many clients do not reconnect at the same time. The first pause after a stable
/// session is at most half a second. Each further pause, number n, is at most the delay times 2^(n-2), and never more than 60 s. After
/// <c>max_connections</c>, the pause is one to two cooldowns instead.
/// </summary>
internal sealed class ReconnectBackoff(Func<TimeSpan> delay, SessionTimings timings, Random random)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(60);

    private int _attempts;

    public TimeSpan Next(SessionEndReason end, TimeSpan active)
    {
        _attempts = active >= timings.Stable ? 1 : _attempts + 1;
        if (end == SessionEndReason.MaxConnections)
        {
            return timings.Cooldown + (timings.Cooldown * random.NextDouble());
        }

        return new Backoff(_attempts == 1 ? FirstDelay : delay(), MaxDelay, MinFactor: 0).After(_attempts - 1, random);
    }
}
