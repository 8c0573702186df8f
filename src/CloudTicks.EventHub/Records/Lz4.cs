using System.Buffers.Binary;

namespace CloudTicks.EventHub.Records;

/// <summary>
/// LZ4 frames (https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md). Checksums of the frame are ignored because the batch has its
/// own. Frames are written in the form that Kafka's clients read: independent blocks of 64 KiB without checksums.
/// </summary>
internal static class Lz4
{
    private const uint Magic = 0x184D2204;
    private const int VersionMask = 0xC0;
    private const int Version = 0x40;
    private const int BlockChecksums = 0x10;
    private const int ContentSize = 0x08;
    private const int ContentChecksum = 0x04;
    private const int DictionaryId = 0x01;
    private const uint Uncompressed = 0x8000_0000;
    private const int LongLength = 15;

    /// <summary>
    /// The header of written frames: magic; version 1 with independent blocks; blocks of 64 KiB; the checksum of the two bytes before it.
    /// </summary>
    private static ReadOnlySpan<byte> FrameHeader => [0x04, 0x22, 0x4D, 0x18, 0x60, 0x40, 0x82];

    /// <exception cref="InvalidDataException">The bytes are not LZ4, or their content exceeds the limit of the buffer.</exception>
    public static void Unpack(ReadOnlySpan<byte> packed, RecordBuffer to)
    {
        for (var rest = packed; rest.Length > 0;)
        {
            UnpackFrame(ref rest, to);
        }
    }

    public static void Pack(ReadOnlySpan<byte> records, RecordBuffer to)
    {
        to.Append(FrameHeader);
        Span<ushort> seen = stackalloc ushort[MatchFinder.Slots];
        for (; records.Length > 0; records = records[Math.Min(records.Length, MatchFinder.MaxBlockBytes)..])
        {
            var block = records[..Math.Min(records.Length, MatchFinder.MaxBlockBytes)];
            var lengthAt = to.Length;
            WriteNumber(0, to);
            seen.Clear();
            PackBlock(block, new MatchFinder(block, seen), to);
            var length = to.Length - lengthAt - sizeof(uint);
            if (length >= block.Length)
            {
                to.Advance(-length);
                to.Append(block);
            }

            to.PatchUInt32(lengthAt, length >= block.Length ? (uint)block.Length | Uncompressed : (uint)length);
        }

        WriteNumber(0, to);
    }

    private static void UnpackFrame(ref ReadOnlySpan<byte> rest, RecordBuffer to)
    {
        var start = to.Length;
        if (ReadNumber(ref rest) != Magic)
        {
            throw NotLz4();
        }

        var flags = Take(ref rest, 2)[0];
        if ((flags & VersionMask) != Version || (flags & DictionaryId) != 0)
        {
            throw NotLz4();
        }

        Take(ref rest, ((flags & ContentSize) != 0 ? sizeof(ulong) : 0) + 1);
        for (var size = ReadNumber(ref rest); size != 0; size = ReadNumber(ref rest))
        {
            var block = Take(ref rest, (int)Math.Min(size & ~Uncompressed, int.MaxValue));
            if ((size & Uncompressed) != 0)
            {
                to.Append(block);
            }
            else
            {
                UnpackBlock(block, start, to);
            }

            Take(ref rest, (flags & BlockChecksums) != 0 ? sizeof(uint) : 0);
        }

        Take(ref rest, (flags & ContentChecksum) != 0 ? sizeof(uint) : 0);
    }

    private static void UnpackBlock(ReadOnlySpan<byte> rest, int start, RecordBuffer to)
    {
        while (rest.Length > 0)
        {
            var token = Take(ref rest, 1)[0];
            to.Append(Take(ref rest, ReadLength(token >> 4, ref rest)));
            if (rest.Length == 0)
            {
                return; // the last sequence has literals only
            }

            var distance = BinaryPrimitives.ReadUInt16LittleEndian(Take(ref rest, 2));
            if (distance == 0 || distance > to.Length - start)
            {
                throw NotLz4();
            }

            to.AppendCopy(distance, ReadLength(token & LongLength, ref rest) + MatchFinder.MinLength);
        }
    }

    private static void PackBlock(ReadOnlySpan<byte> block, MatchFinder finder, RecordBuffer to)
    {
        var literalStart = 0;
        for (var at = 0; finder.TryNext(ref at, out var distance, out var length); literalStart = at)
        {
            WriteSequence(block[literalStart..at], length - MatchFinder.MinLength, to);
            BinaryPrimitives.WriteUInt16LittleEndian(to.Reserve(2), (ushort)distance);
            to.Advance(2);
            WriteLength(length - MatchFinder.MinLength, to);
            at += length;
        }

        WriteSequence(block[literalStart..], 0, to);
    }

    private static void WriteSequence(ReadOnlySpan<byte> literals, int copied, RecordBuffer to)
    {
        to.Append((byte)((Math.Min(literals.Length, LongLength) << 4) | Math.Min(copied, LongLength)));
        WriteLength(literals.Length, to);
        to.Append(literals);
    }

    /// <summary>Writes the part of a length that does not fit into the token.</summary>
    private static void WriteLength(int length, RecordBuffer to)
    {
        if (length < LongLength)
        {
            return;
        }

        for (length -= LongLength; length >= byte.MaxValue; length -= byte.MaxValue)
        {
            to.Append(byte.MaxValue);
        }

        to.Append((byte)length);
    }

    private static int ReadLength(int inToken, ref ReadOnlySpan<byte> rest)
    {
        var length = inToken;
        for (var more = inToken == LongLength; more;)
        {
            var next = Take(ref rest, 1)[0];
            length = length < int.MaxValue - 2 * byte.MaxValue ? length + next : throw NotLz4();
            more = next == byte.MaxValue;
        }

        return length;
    }

    private static void WriteNumber(uint number, RecordBuffer to)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(to.Reserve(sizeof(uint)), number);
        to.Advance(sizeof(uint));
    }

    private static uint ReadNumber(ref ReadOnlySpan<byte> rest) => BinaryPrimitives.ReadUInt32LittleEndian(Take(ref rest, sizeof(uint)));

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest, int count)
    {
        if (count < 0 || count > rest.Length)
        {
            throw NotLz4();
        }

        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }

    private static InvalidDataException NotLz4() => new("not an LZ4 frame");
}
