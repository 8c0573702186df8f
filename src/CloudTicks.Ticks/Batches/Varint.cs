using System.Numerics;

namespace CloudTicks.Ticks.Batches;

/// <summary>Protobuf's variable-length integers (protobuf.dev, "Encoding").</summary>
internal static class Varint
{
    public const int MaxBytes = 10;

    public static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    public static long UnZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    public static int Size(ulong value) => ((BitOperations.Log2(value | 1) * 9) + 73) / 64;

    public static int Write(Span<byte> destination, ulong value)
    {
        var length = 0;
        while (value >= 0x80)
        {
            destination[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        destination[length++] = (byte)value;
        return length;
    }

    /// <summary>Reads a number and advances the position. False when it is truncated or exceeds 64 bits.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, ref int position, out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 64 && (uint)position < (uint)source.Length; shift += 7)
        {
            var next = source[position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                // The tenth byte has room for one bit.
                return shift < 63 || next <= 1;
            }
        }

        return false;
    }
}
