namespace CloudTicks.EventStream.Membership;

/// <summary>The state of a member.</summary>
public enum MemberState
{
    /// <summary>The group has not responded yet.</summary>
    Joining,

    /// <summary>The member is in the group, possibly without partitions.</summary>
    Joined,

    /// <summary>The group is unreachable; the member keeps its partitions.</summary>
    Unreachable,

    /// <summary>Another process uses this member's name. This process holds no partitions until it is restarted.</summary>
    Replaced,
}
