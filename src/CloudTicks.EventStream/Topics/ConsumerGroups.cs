namespace CloudTicks.EventStream.Topics;

/// <summary>The consumer groups that read <see cref="TopicNames.TickArchive"/>.</summary>
public static class ConsumerGroups
{
    /// <summary>Of StoreTicks, which fills the table.</summary>
    public const string Timescale = "timescale";

    /// <summary>Of PublishTicks, which feeds NATS.</summary>
    public const string Nats = "nats";

    /// <summary>Of LakeTicks, which writes the lake: nobody joins it, it shows how far the lake has come.</summary>
    public const string Lake = "lake";
}
