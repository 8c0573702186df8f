using System.Buffers.Binary;
using System.Text;

namespace CloudTicks.Benchmarks.Hub;

/// <summary>A request of the Kafka protocol, field by field.</summary>
internal sealed class WireRequest
{
    private const int MaxBytes = 512;

    private readonly byte[] _bytes = new byte[MaxBytes];
    private int _end = 4;

    public WireRequest(short key, short version) => Int16(key).Int16(version).Int32(0).Text("benchmark");

    public WireRequest Int8(sbyte value)
    {
        _bytes[_end++] = (byte)value;
        return this;
    }

    public WireRequest Int16(short value)
    {
        BinaryPrimitives.WriteInt16BigEndian(_bytes.AsSpan(_end), value);
        _end += sizeof(short);
        return this;
    }

    public WireRequest Int32(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(_bytes.AsSpan(_end), value);
        _end += sizeof(int);
        return this;
    }

    public WireRequest Int64(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(_bytes.AsSpan(_end), value);
        _end += sizeof(long);
        return this;
    }

    public WireRequest Text(string value)
    {
        Int16((short)value.Length);
        _end += Encoding.ASCII.GetBytes(value, _bytes.AsSpan(_end));
        return this;
    }

    /// <summary>Completes the request: its length field also counts the tail, which the caller sends after it.</summary>
    public ArraySegment<byte> Finish(int tailBytes)
    {
        BinaryPrimitives.WriteInt32BigEndian(_bytes, _end - 4 + tailBytes);
        return new ArraySegment<byte>(_bytes, 0, _end);
    }
}
