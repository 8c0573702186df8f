namespace CloudTicks.EventHub.Groups;

/// <summary>What the members of a group use of its offsets.</summary>
/// <param name="Blocks">True when that cannot be told: there are members, and they are no consumers.</param>
/// <param name="Topics">The topics that members subscribe to.</param>
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
