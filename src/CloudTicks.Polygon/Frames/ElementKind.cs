namespace CloudTicks.Polygon.Frames;

/// <summary>What <see cref="FrameReader.Read"/> found.</summary>
public enum ElementKind
{
    /// <summary>The frame has no more elements.</summary>
    End,

    /// <summary>A quote or a trade.</summary>
    Tick,

    /// <summary>A status message of the server: <see cref="FrameReader.Status"/>.</summary>
    Status,

    /// <summary>An event of a type that is not collected, such as an aggregate: <see cref="FrameReader.EventType"/>.</summary>
    OtherEvent,

    /// <summary>Bytes that are not a valid event: <see cref="FrameReader.Rejection"/>.</summary>
    Rejected,
}
