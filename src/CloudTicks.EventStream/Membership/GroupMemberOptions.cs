namespace CloudTicks.EventStream.Membership;

/// <summary>Who joins which group.</summary>
/// <param name="Topic">The topic whose partitions are shared out; it must be there (<see cref="MembershipTopic"/>), and nothing is read
/// from it.</param>
/// <param name="InstanceId">The member's own name in the group, kept over restarts: who comes back under it in time finds what it
/// had.</param>
public sealed record GroupMemberOptions(string Topic, string Group, string InstanceId)
{
    /// <summary>
    /// A member that is silent for this long is taken for dead, and its partitions go to the others; 6 s by default, the least that Kafka
    /// and Event Hubs take.
    /// </summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>How long the group waits at most until the owner has let go of what it must give up; 2 s by default.</summary>
    public TimeSpan ReleaseTimeout { get; init; } = TimeSpan.FromSeconds(2);
}
