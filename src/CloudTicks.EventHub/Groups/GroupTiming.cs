namespace CloudTicks.EventHub.Groups;

/// <summary>The timeouts of all groups.</summary>
/// <param name="MinSessionTimeout">Minimum session timeout of a member.</param>
/// <param name="MaxSessionTimeout">Maximum session timeout of a member.</param>
/// <param name="InitialDelay">The time that the first members of a group wait for more members before the first rebalance.</param>
internal sealed record GroupTiming(TimeSpan MinSessionTimeout, TimeSpan MaxSessionTimeout, TimeSpan InitialDelay)
{
    public static GroupTiming Default { get; } = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(30), TimeSpan.Zero);
}
