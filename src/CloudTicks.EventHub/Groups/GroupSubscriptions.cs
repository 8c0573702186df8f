namespace CloudTicks.EventHub.Groups;

/// <summary>The topics that the members of a group subscribe to.</summary>
/// <param name="HasUnknownTopics">True when a member does not use the consumer protocol, so that its topics are unknown.</param>
/// <param name="Topics">The topics of all members.</param>
internal sealed record GroupSubscriptions(bool HasUnknownTopics, IReadOnlySet<string> Topics)
{
    public static GroupSubscriptions None { get; } = new(false, new HashSet<string>());

    public static GroupSubscriptions Of(Group group)
    {
        var topics = new HashSet<string>(StringComparer.Ordinal);
        foreach (var protocol in group.Members.SelectMany(m => m.LastJoin.Protocols))
        {
            if (ConsumerSubscription.TryRead(group.ProtocolType, protocol.Metadata) is not { } subscribed)
            {
                return new GroupSubscriptions(true, topics);
            }

            topics.UnionWith(subscribed);
        }

        return new GroupSubscriptions(false, topics);
    }
}
