namespace CloudTicks.EventStream.Topics;

/// <summary>The consumer groups that read <see cref="TopicNames.TickArchive"/>.</summary>
public static class ConsumerGroups
{
    /// <summary>Of StoreTicks, which fills the table.</summary>
    public const string Timescale = "timescale";

    /// <summary>Of PublishTicks, which feeds NATS.</summary>
    public const string Nats = "nats";
}
