namespace CloudTicks.EventStream.Topics;

/// <summary>The consumer groups of <see cref="TopicNames.TickArchive"/>.</summary>
public static class ConsumerGroups
{
    /// <summary>The group of StoreTicks, which fills the table.</summary>
    public const string Timescale = "timescale";

    /// <summary>The group of PublishTicks, which publishes to NATS.</summary>
    public const string Nats = "nats";

    /// <summary>The group of LakeTicks, which writes the lake; it has no members and only shows the lake's progress.</summary>
    public const string Lake = "lake";
}
