namespace CloudTicks.EventHub.Records;

/// <summary>One record in the bytes of its batch.</summary>
internal readonly ref struct RecordView
{
    public required byte Attributes { get; init; }

    /// <summary>Milliseconds since the batch's base timestamp.</summary>
    public required long TimestampDelta { get; init; }

    /// <summary>The difference from the batch's base offset.</summary>
    public required int OffsetDelta { get; init; }

    public required bool HasKey { get; init; }

    public required ReadOnlySpan<byte> Key { get; init; }

    /// <summary>False for a tombstone.</summary>
    public required bool HasValue { get; init; }

    /// <summary>The number of headers and the headers, not parsed.</summary>
    public required ReadOnlySpan<byte> Headers { get; init; }

    /// <summary>Key, value and headers with their lengths: the part that does not depend on the batch.</summary>
    public required ReadOnlySpan<byte> Content { get; init; }
}
