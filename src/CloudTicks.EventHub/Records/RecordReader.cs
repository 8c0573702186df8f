namespace CloudTicks.EventHub.Records;

/// <summary>Reads the unpacked records of a batch in order (format 2).</summary>
internal ref struct RecordReader(ReadOnlySpan<byte> records)
{
    private ReadOnlySpan<byte> _rest = records;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <returns>False when no complete record follows.</returns>
    public bool TryRead(out RecordView record)
    {
        record = default;
        var rest = _rest;
        if (!Varint.TryRead(ref rest, out var length) || length < 1 || length > rest.Length)
        {
            return false;
        }

        var next = rest[(int)length..];
        rest = rest[..(int)length];
        var attributes = rest[0];
        rest = rest[1..];
        if (!Varint.TryRead(ref rest, out var timestampDelta) || !Varint.TryRead(ref rest, out var offsetDelta)
            || offsetDelta is < 0 or > int.MaxValue)
        {
            return false;
        }

        var content = rest;
        if (!TryReadBytes(ref rest, out var hasKey, out var key) || !TryReadBytes(ref rest, out var hasValue, out _))
        {
            return false;
        }

        record = new RecordView
        {
            Attributes = attributes,
            TimestampDelta = timestampDelta,
            OffsetDelta = (int)offsetDelta,
            HasKey = hasKey,
            Key = key,
            HasValue = hasValue,
            Content = content,
            Headers = rest,
        };
        _rest = next;
        return true;
    }

    private static bool TryReadBytes(scoped ref ReadOnlySpan<byte> rest, out bool isPresent, out ReadOnlySpan<byte> bytes)
    {
        isPresent = false;
        bytes = default;
        if (!Varint.TryRead(ref rest, out var length) || length > rest.Length)
        {
            return false;
        }

        if (length >= 0)
        {
            isPresent = true;
            bytes = rest[..(int)length];
            rest = rest[(int)length..];
        }

        return true;
    }
}
