namespace CloudTicks.EventHub.Records;

/// <summary>One record in the bytes of its batch.</summary>
internal readonly ref struct RecordView
{
    public required byte Attributes { get; init; }

    /// <summary>Added to the batch's first timestamp.</summary>
    public required long TimestampDelta { get; init; }

    /// <summary>Added to the batch's first offset.</summary>
    public required int OffsetDelta { get; init; }

    public required bool HasKey { get; init; }

    public required ReadOnlySpan<byte> Key { get; init; }

    /// <summary>False for a tombstone.</summary>
    public required bool HasValue { get; init; }

    /// <summary>The number of headers, then the headers, unparsed.</summary>
    public required ReadOnlySpan<byte> Headers { get; init; }

    /// <summary>Key, value and headers with their lengths: the part that does not depend on the batch.</summary>
    public required ReadOnlySpan<byte> Content { get; init; }
}
