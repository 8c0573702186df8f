namespace CloudTicks.Ticks.Batches;

/// <summary>The bytes of one packed column. The array is reused, so it grows only until it fits the largest batch.</summary>
internal struct ColumnWriter
{
    private const int InitialBytes = 256;

    private byte[]? _bytes;

    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void AddUnsigned(ulong value)
    {
        var destination = Reserve(Varint.MaxBytes);
        Length += Varint.Write(destination, value);
    }

    public void AddBytes(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Reserve(value.Length));
        Length += value.Length;
    }

    private Span<byte> Reserve(int count)
    {
        if (_bytes is null || _bytes.Length - Length < count)
        {
            Array.Resize(ref _bytes, Math.Max(Math.Max(InitialBytes, (_bytes?.Length ?? 0) * 2), Length + count));
        }

        return _bytes.AsSpan(Length);
    }
}
