using System.Buffers.Binary;
using System.Text;

namespace CloudTicks.EventHub.Protocol;

/// <summary>
/// Reads the protocol's classic (not compact) types. Every length is checked against the bytes that are there before
/// anything is allocated for it.
/// </summary>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Bytes read so far.</summary>
    public int Position { get; private set; }

    public readonly int Remaining => _bytes.Length - Position;

    public sbyte ReadInt8() => (sbyte)Take(1)[0];

    public bool ReadBoolean() => Take(1)[0] != 0;

    public short ReadInt16() => BinaryPrimitives.ReadInt16BigEndian(Take(2));

    public int ReadInt32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    public long ReadInt64() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    public Guid ReadGuid() => new(Take(16), bigEndian: true);

    public string ReadString() => ReadNullableString() ?? throw new MalformedRequestException("a string that must be there is null");

    public string? ReadNullableString()
    {
        var length = ReadInt16();
        if (length < 0)
        {
            return length == -1 ? null : throw new MalformedRequestException($"a string has length {length}");
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
        return length == 0 ? [] : _bytes.Slice(start, length).ToArray();
    }

    /// <summary>Skips a byte field and says where it lies; null is read as empty.</summary>
    public (int Start, int Length) SkipBytes()
    {
        var length = ReadInt32();
        if (length < -1)
        {
            throw new MalformedRequestException($"a byte field has length {length}");
        }

        var start = Position;
        Take(Math.Max(length, 0));
        return (start, Math.Max(length, 0));
    }

    /// <summary>The element count of an array; null is read as empty.</summary>
    /// <param name="elementBytes">The least that an element takes on the wire; at least 1.</param>
    public int ReadArrayLength(int elementBytes) => Math.Max(ReadNullableArrayLength(elementBytes), 0);

    /// <summary>The element count of an array, -1 for null.</summary>
    /// <param name="elementBytes">The least that an element takes on the wire; at least 1.</param>
    public int ReadNullableArrayLength(int elementBytes)
    {
        var count = ReadInt32();
        if (count < -1 || (long)count * elementBytes > Remaining)
        {
            throw new MalformedRequestException($"an array claims {count} elements, {Remaining} bytes follow");
        }

        return count;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > Remaining)
        {
            throw new MalformedRequestException($"{count} bytes expected, {Remaining} left");
        }

        var taken = _bytes.Slice(Position, count);
        Position += count;
        return taken;
    }
}
