namespace CloudTicks.Simulator.History;

/// <summary>Reads numbers written by <see cref="VarintWriter"/>.</summary>
internal ref struct VarintReader(ReadOnlySpan<byte> source)
{
    public ReadOnlySpan<byte> Rest { get; private set; } = source;

    public byte Byte()
    {
        var value = Rest[0];
        Rest = Rest[1..];
        return value;
    }

    public ulong Unsigned()
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
    }

    public long Signed()
    {
        var value = Unsigned();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public long Difference(scoped ref long last) => last = unchecked(last + Signed());

    public ReadOnlySpan<byte> Text()
    {
        var length = (int)Unsigned();
        var text = Rest[..length];
        Rest = Rest[length..];
        return text;
    }

    public ReadOnlySpan<int> List(Span<int> buffer)
    {
        var count = (int)Unsigned();
        for (var index = 0; index < count; index++)
            buffer[index] = (int)Signed();
        return buffer[..count];
    }
}
