using System.Buffers.Binary;
using System.Text;

namespace CloudTicks.EventHub.Wire;

/// <summary>
/// Reads the protocol's types: the classic types, and the compact types of flexible versions. Every length is compared with the available
/// bytes before memory is allocated for it.
/// </summary>
/// <param name="isFlexible">True for the compact types of a flexible version.</param>
/// <param name="isTrusted">True for the event hub's own files, to which the limits of requests do not apply.</param>
internal ref struct WireReader(ReadOnlySpan<byte> bytes, bool isFlexible = false, bool isTrusted = false)
{
    /// <summary>Maximum array elements of one request, because their memory can exceed the request's bytes.</summary>
    public const int MaxElements = 100_000;

    /// <summary>Maximum bytes of byte fields that one request may copy.</summary>
    public const int MaxCopiedBytes = 4 * 1024 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private readonly bool _isTrusted = isTrusted;
    private long _elementCount;
    private long _copiedBytes;

    public int Position { get; private set; }

    public readonly int Remaining => _bytes.Length - Position;

    public sbyte ReadInt8() => (sbyte)Take(1)[0];

    public bool ReadBoolean() => Take(1)[0] != 0;

    public short ReadInt16() => BinaryPrimitives.ReadInt16BigEndian(Take(2));

    public int ReadInt32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    public long ReadInt64() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    public Guid ReadGuid() => new(Take(16), bigEndian: true);

    public string ReadString() => ReadNullableString() ?? throw new MalformedRequestException("a required string is null");

    public string? ReadNullableString()
    {
        var length = isFlexible ? ReadCompactLength() : ReadInt16();
        if (length is < 0 or > short.MaxValue) // a compact string could be longer, but classic responses and the log could not contain it
        {
            return length == -1 ? null : throw new MalformedRequestException($"a string has the invalid length {length}");
        }

        try
        {
            return StrictUtf8.GetString(Take(length));
        }
        catch (DecoderFallbackException)
        {
            throw new MalformedRequestException("a string is not UTF-8");
        }
    }

    /// <summary>A copy of a byte field; null is read as empty.</summary>
    public byte[] ReadBytes()
    {
        var (start, length) = SkipBytes();
        _copiedBytes += length;
        if (_copiedBytes > MaxCopiedBytes && !_isTrusted)
        {
            throw new MalformedRequestException($"a request has more than {MaxCopiedBytes} bytes in byte fields");
        }

        return length == 0 ? [] : _bytes.Slice(start, length).ToArray();
    }

    /// <summary>Skips a byte field and returns its position; null is read as empty.</summary>
    public (int Start, int Length) SkipBytes()
    {
        var length = isFlexible ? ReadCompactLength() : ReadInt32();
        if (length < -1)
        {
            throw new MalformedRequestException($"a byte field has the invalid length {length}");
        }

        var start = Position;
        Take(Math.Max(length, 0));
        return (start, Math.Max(length, 0));
    }

    /// <summary>The element count of an array; null is read as empty.</summary>
    /// <param name="minElementBytes">Minimum bytes of an element, at least 1.</param>
    public int ReadArrayLength(int minElementBytes) => Math.Max(ReadNullableArrayLength(minElementBytes), 0);

    /// <summary>The element count of an array, -1 for null.</summary>
    /// <param name="minElementBytes">Minimum bytes of an element, at least 1.</param>
    public int ReadNullableArrayLength(int minElementBytes)
    {
        var count = isFlexible ? ReadCompactLength() : ReadInt32();
        if (count < -1 || (long)count * (isFlexible ? 1 : minElementBytes) > Remaining)
        {
            throw new MalformedRequestException(
                count < -1 ? $"an array has the invalid length {count}" : $"an array length is {count}, but only {Remaining} bytes follow");
        }

        _elementCount += Math.Max(count, 0);
        return _elementCount <= MaxElements || _isTrusted ? count : throw new MalformedRequestException(
            $"a request has more than {MaxElements} elements; split it");
    }

    /// <summary>
    /// Ends a structure: skips its tagged fields, which only flexible versions have. The event hub supports no tagged field.
    /// </summary>
    public void EndStruct()
    {
        if (!isFlexible)
        {
            return;
        }

        for (var fields = ReadVarint(); fields > 0; fields--)
        {
            ReadVarint();
            var bytes = ReadVarint();
            Take(bytes <= int.MaxValue ? (int)bytes : throw new MalformedRequestException($"a tagged field claims {bytes} bytes"));
        }
    }

    /// <summary>A length of a flexible version. The length plus one is encoded; 0 means null, which is returned as -1.</summary>
    private int ReadCompactLength()
    {
        var length = ReadVarint();
        return length <= int.MaxValue ? (int)length - 1 : throw new MalformedRequestException($"the length {length} is too large");
    }

    private uint ReadVarint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var next = Take(1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value <= uint.MaxValue ? (uint)value : throw new MalformedRequestException("a length has more than 32 bits");
            }
        }

        throw new MalformedRequestException("a length has more than five bytes");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > Remaining)
        {
            throw new MalformedRequestException($"{count} bytes were expected, but only {Remaining} follow");
        }

        var taken = _bytes.Slice(Position, count);
        Position += count;
        return taken;
    }
}
