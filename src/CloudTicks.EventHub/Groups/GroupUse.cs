namespace CloudTicks.EventHub.Groups;

/// <summary>The topics that the members of a group subscribe to.</summary>
/// <param name="Blocks">True when the topics are unknown, because a member is not a consumer.</param>
/// <param name="Topics">The topics of all members.</param>
internal sealed record GroupUse(bool Blocks, IReadOnlySet<string> Topics)
{
    public static GroupUse None { get; } = new(false, new HashSet<string>());

    public static GroupUse Of(Group group)
    {
        var topics = new HashSet<string>(StringComparer.Ordinal);
        foreach (var protocol in group.Members.SelectMany(m => m.Joined.Protocols))
        {
            if (ConsumerSubscription.TryRead(group.ProtocolType, protocol.Metadata) is not { } subscribed)
            {
                return new GroupUse(true, topics);
            }

            topics.UnionWith(subscribed);
        }

        return new GroupUse(false, topics);
    }
}
