namespace CloudTicks.EventStream.Topics;

/// <summary>The topics of CloudTicks.</summary>
public static class TopicNames
{
    /// <summary>Every tick, in packed batches, with unlimited retention; the ticks of a symbol are always in the same partition.</summary>
    public const string TickArchive = "tick_archive";

    /// <summary>Unreadable data as raw bytes, with the reason in a header.</summary>
    public const string DeadLetters = "tick_archive.dead";
}
