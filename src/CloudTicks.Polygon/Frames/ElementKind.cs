namespace CloudTicks.Polygon.Frames;

/// <summary>What <see cref="FrameReader.Read"/> found.</summary>
public enum ElementKind
{
    /// <summary>No element is left in the frame.</summary>
    End,

    /// <summary>A quote or a trade.</summary>
    Tick,

    /// <summary>A word of the server about the session; <see cref="FrameReader.Status"/> has it.</summary>
    Status,

    /// <summary>An event type that is not collected, such as an aggregate; <see cref="FrameReader.EventType"/> names it.</summary>
    OtherEvent,

    /// <summary>Bytes that are no event; <see cref="FrameReader.Rejection"/> says why.</summary>
    Rejected,
}
