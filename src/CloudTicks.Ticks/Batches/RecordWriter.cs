using System.Diagnostics;

namespace CloudTicks.Ticks.Batches;

/// <summary>Writes the protobuf fields of a record into an array of exactly the record's size.</summary>
internal struct RecordWriter(int size)
{
    private const int NumberType = 0;
    private const int BytesType = 2;

    private readonly byte[] _bytes = new byte[size];
    private int _length;

    public static ulong BytesTag(int field) => ((ulong)field << 3) | BytesType;

    public static int NumberSize(int field, ulong value) => Varint.Size((ulong)field << 3) + Varint.Size(value);

    public static int BytesSize(int field, int length) => Varint.Size(BytesTag(field)) + Varint.Size((ulong)length) + length;

    public void Number(int field, ulong value)
    {
        WriteUnsigned(((ulong)field << 3) | NumberType);
        WriteUnsigned(value);
    }

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        WriteUnsigned(BytesTag(field));
        WriteUnsigned((ulong)value.Length);
        Raw(value);
    }

    public void Raw(ReadOnlySpan<byte> value)
    {
        value.CopyTo(_bytes.AsSpan(_length));
        _length += value.Length;
    }

    public readonly byte[] ToRecord()
    {
        Debug.Assert(_length == _bytes.Length, "The computed size of the record is wrong.");
        return _bytes;
    }

    private void WriteUnsigned(ulong value) => _length += Varint.Write(_bytes.AsSpan(_length), value);
}
