namespace CloudTicks.Simulator.History;

/// <summary>Writes numbers in as few bytes as they need, seven bits a byte, the sign in the lowest bit.</summary>
internal ref struct VarintWriter(Span<byte> destination)
{
    public const int MaxBytes = 10;

    private readonly Span<byte> _destination = destination;

    public int Length { get; private set; }

    public void Byte(byte value) => _destination[Length++] = value;

    public void Unsigned(ulong value)
    {
        while (value >= 0x80)
        {
            Byte((byte)(value | 0x80));
            value >>= 7;
        }

        Byte((byte)value);
    }

    public void Signed(long value) => Unsigned((ulong)((value << 1) ^ (value >> 63)));

    /// <summary>Writes the difference between a number and the previous one.</summary>
    public void Difference(long value, scoped ref long last)
    {
        Signed(unchecked(value - last));
        last = value;
    }

    public void Text(scoped ReadOnlySpan<byte> text)
    {
        Unsigned((ulong)text.Length);
        text.CopyTo(_destination[Length..]);
        Length += text.Length;
    }

    public void List(scoped ReadOnlySpan<int> numbers)
    {
        Unsigned((ulong)numbers.Length);
        foreach (var number in numbers)
            Signed(number);
    }
}
