namespace CloudTicks.EventStream.Topics;

/// <summary>The headers of records on the topics of CloudTicks; their values are UTF-8 text.</summary>
public static class HeaderNames
{
    /// <summary>On <see cref="TopicNames.TickArchive"/>: <c>simulated</c> or <c>polygon</c>.</summary>
    public const string Feed = "feed";

    /// <summary>On <see cref="TopicNames.TickArchive"/>, if the record is traced: its span as W3C Trace Context.</summary>
    public const string TraceParent = "traceparent";

    /// <summary>On <see cref="TopicNames.DeadLetters"/>: why the bytes were rejected, as a sentence.</summary>
    public const string Reason = "reason";

    /// <summary>On <see cref="TopicNames.DeadLetters"/>: the original topic, if the bytes were a record.</summary>
    public const string Topic = "topic";

    /// <summary>On <see cref="TopicNames.DeadLetters"/>: the original partition, in decimal.</summary>
    public const string Partition = "partition";

    /// <summary>On <see cref="TopicNames.DeadLetters"/>: the original offset, in decimal.</summary>
    public const string Offset = "offset";
}
