using System.Buffers.Binary;
using System.Text;
using CloudTicks.EventHub.Shares;

namespace CloudTicks.EventHub.Wire;

/// <summary>Writes the protocol's types, classic or compact, into a pooled array that grows.</summary>
/// <param name="maxBytes">Maximum bytes.</param>
internal sealed class WireWriter(int maxBytes = int.MaxValue) : IDisposable
{
    private byte[] _bytes = Buffers.Rent(256);

    /// <summary>True to write compact lengths and tagged fields.</summary>
    public bool IsFlexible { get; set; }

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    public void WriteInt8(sbyte value) => Take(1)[0] = (byte)value;

    public void WriteBoolean(bool value) => Take(1)[0] = value ? (byte)1 : (byte)0;

    public void WriteInt16(short value) => BinaryPrimitives.WriteInt16BigEndian(Take(2), value);

    public void WriteError(ErrorCode value) => WriteInt16((short)value);

    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32BigEndian(Take(4), value);

    public void WriteInt64(long value) => BinaryPrimitives.WriteInt64BigEndian(Take(8), value);

    public void WriteGuid(Guid value) => value.TryWriteBytes(Take(16), bigEndian: true, out _);

    public void WriteString(string? value)
    {
        if (value is null)
        {
            WriteStringLength(-1);
            return;
        }

        var count = Encoding.UTF8.GetByteCount(value);
        WriteStringLength(checked((short)count));
        Encoding.UTF8.GetBytes(value, Take(count));
    }

    public void WriteBytes(ReadOnlySpan<byte> value)
    {
        WriteBytesLength(value.Length);
        value.CopyTo(Take(value.Length));
    }

    public void WriteArray<T>(IReadOnlyCollection<T> items, Action<WireWriter, T> write)
    {
        WriteArrayLength(items.Count);
        foreach (var item in items)
        {
            write(this, item);
            EndStruct();
        }
    }

    public void WriteInt32Array(params ReadOnlySpan<int> items)
    {
        WriteArrayLength(items.Length);
        foreach (var item in items)
        {
            WriteInt32(item);
        }
    }

    public void WriteArrayLength(int count) => WriteLength(count);

    public void WriteBytesLength(int count) => WriteLength(count);

    /// <summary>Ends a structure. A flexible version gets an empty list of tagged fields.</summary>
    public void EndStruct()
    {
        if (IsFlexible)
        {
            WriteInt8(0);
        }
    }

    public void PatchInt32(int position, int value) => BinaryPrimitives.WriteInt32BigEndian(_bytes.AsSpan(position, 4), value);

    public void Dispose()
    {
        Buffers.Return(_bytes);
        _bytes = [];
        Length = 0;
    }

    private void WriteLength(int length)
    {
        if (!IsFlexible)
        {
            WriteInt32(length);
            return;
        }

        var value = (uint)(length + 1);
        for (; value >= 0x80; value >>= 7)
        {
            WriteInt8((sbyte)(value | 0x80));
        }

        WriteInt8((sbyte)value);
    }

    private void WriteStringLength(short length)
    {
        if (IsFlexible)
        {
            WriteLength(length);
        }
        else
        {
            WriteInt16(length);
        }
    }

    private Span<byte> Take(int count)
    {
        if (_bytes.Length - Length < count)
        {
            if ((long)Length + count > maxBytes)
            {
                throw new MalformedRequestException($"its response would have more than {maxBytes} bytes; split the request");
            }

            var larger = Buffers.Rent(Math.Max(_bytes.Length * 2, Length + count));
            _bytes.AsSpan(0, Length).CopyTo(larger);
            Buffers.Return(_bytes);
            _bytes = larger;
        }

        var taken = _bytes.AsSpan(Length, count);
        Length += count;
        return taken;
    }
}
