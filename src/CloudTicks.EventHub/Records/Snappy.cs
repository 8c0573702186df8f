using System.Buffers.Binary;

namespace CloudTicks.EventHub.Records;

/// <summary>
/// Snappy (https://github.com/google/snappy/blob/main/format_description.txt). Java clients write the xerial
/// header and several blocks; other clients write one raw block. Both formats are read; a raw block is written.
/// </summary>
internal static class Snappy
{
    private const int XerialHeaderBytes = 16;
    private const int Literal = 0;
    private const int ShortCopy = 1;
    private const int Copy = 2;
    private const int MaxInlineLength = 60;
    private const int MaxCopy = 64;

    private static ReadOnlySpan<byte> XerialMagic => [0x82, (byte)'S', (byte)'N', (byte)'A', (byte)'P', (byte)'P', (byte)'Y', 0];

    /// <exception cref="InvalidDataException">The bytes are not Snappy, or their content exceeds the limit of the buffer.</exception>
    public static void Unpack(ReadOnlySpan<byte> packed, RecordBuffer to)
    {
        if (!packed.StartsWith(XerialMagic))
        {
            UnpackBlock(packed, to);
            return;
        }

        for (var rest = Skip(packed, XerialHeaderBytes); rest.Length > 0;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(Take(rest, sizeof(int)));
            rest = rest[sizeof(int)..];
            UnpackBlock(Take(rest, length), to);
            rest = rest[length..];
        }
    }

    public static void Pack(ReadOnlySpan<byte> records, RecordBuffer to)
    {
        var length = (uint)records.Length;
        for (; length >= 0x80; length >>= 7)
        {
            to.Append((byte)(length | 0x80));
        }

        to.Append((byte)length);
        for (; records.Length > MatchFinder.MaxBlockBytes; records = records[MatchFinder.MaxBlockBytes..])
        {
            PackBlock(records[..MatchFinder.MaxBlockBytes], to);
        }

        PackBlock(records, to);
    }

    private static void UnpackBlock(ReadOnlySpan<byte> block, RecordBuffer to)
    {
        var start = to.Length;
        var at = 0;
        var length = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = Take(block[at..], 1)[0];
            at++;
            length |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                break;
            }

            if (shift > 21)
            {
                throw NotSnappy();
            }
        }

        while (at < block.Length)
        {
            var tag = block[at++];
            if ((tag & 3) == Literal)
            {
                var count = (tag >> 2) + 1;
                if (count > MaxInlineLength)
                {
                    var bytes = count - MaxInlineLength;
                    count = (int)Math.Min(ReadNumber(Take(block[at..], bytes)) + 1L, int.MaxValue);
                    at += bytes;
                }

                to.Append(Take(block[at..], count));
                at += count;
                continue;
            }

            var (distance, copied, width) = (tag & 3) switch
            {
                ShortCopy => ((long)((tag >> 5) << 8) | Take(block[at..], 1)[0], ((tag >> 2) & 7) + MatchFinder.MinLength, 1),
                Copy => ((long)ReadNumber(Take(block[at..], 2)), (tag >> 2) + 1, 2),
                _ => ((long)ReadNumber(Take(block[at..], 4)), (tag >> 2) + 1, 4),
            };
            at += width;
            if (distance < 1 || distance > to.Length - start)
            {
                throw NotSnappy();
            }

            to.AppendCopy((int)distance, copied);
        }

        if ((ulong)(to.Length - start) != length)
        {
            throw NotSnappy();
        }
    }

    private static void PackBlock(ReadOnlySpan<byte> block, RecordBuffer to)
    {
        Span<ushort> seen = stackalloc ushort[MatchFinder.Slots];
        seen.Clear();
        var finder = new MatchFinder(block, seen);
        var literalStart = 0;
        for (var at = 0; finder.TryNext(ref at, out var distance, out var length); literalStart = at)
        {
            WriteLiteral(block[literalStart..at], to);
            at += length;
            for (; length > 0; length -= MaxCopy)
            {
                to.Append((byte)(((Math.Min(length, MaxCopy) - 1) << 2) | Copy));
                BinaryPrimitives.WriteUInt16LittleEndian(to.Reserve(2), (ushort)distance);
                to.Advance(2);
            }
        }

        WriteLiteral(block[literalStart..], to);
    }

    private static void WriteLiteral(ReadOnlySpan<byte> bytes, RecordBuffer to)
    {
        if (bytes.Length == 0)
        {
            return;
        }

        if (bytes.Length <= MaxInlineLength)
        {
            to.Append((byte)((bytes.Length - 1) << 2));
        }
        else
        {
            to.Append((MaxInlineLength + 1) << 2); // two bytes after the tag contain the length minus one
            BinaryPrimitives.WriteUInt16LittleEndian(to.Reserve(2), (ushort)(bytes.Length - 1));
            to.Advance(2);
        }

        to.Append(bytes);
    }

    private static uint ReadNumber(ReadOnlySpan<byte> littleEndian)
    {
        var number = 0u;
        for (var i = 0; i < littleEndian.Length; i++)
        {
            number |= (uint)littleEndian[i] << (8 * i);
        }

        return number;
    }

    private static ReadOnlySpan<byte> Take(ReadOnlySpan<byte> bytes, int count) =>
        count >= 0 && count <= bytes.Length ? bytes[..count] : throw NotSnappy();

    private static ReadOnlySpan<byte> Skip(ReadOnlySpan<byte> bytes, int count) =>
        count <= bytes.Length ? bytes[count..] : throw NotSnappy();

    private static InvalidDataException NotSnappy() => new("not a Snappy block");
}
