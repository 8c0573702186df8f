namespace CloudTicks.EventStream.Membership;

/// <summary>Where a member stands.</summary>
public enum MemberState
{
    /// <summary>The group has not answered yet.</summary>
    Joining,

    /// <summary>In the group; it may hold nothing and wait.</summary>
    Joined,

    /// <summary>The group cannot be asked; what was held is kept.</summary>
    Away,

    /// <summary>Another process took this member's name: it holds nothing until it is restarted.</summary>
    Replaced,
}
