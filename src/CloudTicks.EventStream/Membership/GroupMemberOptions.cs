namespace CloudTicks.EventStream.Membership;

/// <summary>The group and the name of a member.</summary>
/// <param name="Topic">The topic whose partitions are divided; it must exist (<see cref="MembershipTopic"/>), and its records are not read.
/// </param>
/// <param name="InstanceId">
/// The member's unique name in the group. It must be the same after a restart, so that a member that rejoins in time gets its partitions
/// back.
/// </param>
public sealed record GroupMemberOptions(string Topic, string Group, string InstanceId)
{
    /// <summary>
    /// The time without a heartbeat after which a member is considered dead and the others get its partitions; 6 s by default, the minimum
    /// of Kafka and Event Hubs.
    /// </summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>The time that the group waits for the owner of partitions to release them; 2 s by default.</summary>
    public TimeSpan ReleaseTimeout { get; init; } = TimeSpan.FromSeconds(2);
}
