namespace CloudTicks.EventHub.Groups;

/// <summary>The times that all groups keep to.</summary>
/// <param name="MinSession">A member with a shorter session timeout is refused.</param>
/// <param name="MaxSession">A member with a longer one is refused.</param>
/// <param name="InitialDelay">How long the first members of a group wait for more, before they share the partitions.</param>
internal sealed record GroupTiming(TimeSpan MinSession, TimeSpan MaxSession, TimeSpan InitialDelay)
{
    public static GroupTiming Default { get; } = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(30), TimeSpan.Zero);
}
