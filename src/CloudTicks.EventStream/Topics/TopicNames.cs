namespace CloudTicks.EventStream.Topics;

/// <summary>The topics of CloudTicks.</summary>
public static class TopicNames
{
    /// <summary>Every tick, as packed batches, for ever; a symbol is always in the same partition.</summary>
    public const string TickArchive = "tick_archive";

    /// <summary>What could not be read, as raw bytes, with the reason in a header.</summary>
    public const string DeadLetters = "tick_archive.dead";
}
