using System.Buffers.Binary;

namespace CloudTicks.Cli.Tests.Decoding;

/// <summary>Builds the output of <c>kcat -f '%R%s'</c>.</summary>
internal sealed class KcatOutput
{
    private readonly List<byte> _bytes = [];

    public KcatOutput Add(ReadOnlySpan<byte> value)
    {
        AddLength(value.Length);
        _bytes.AddRange(value);
        return this;
    }

    public KcatOutput AddRecordWithoutValue() => AddLength(-1);

    public KcatOutput AddLength(int length)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, length);
        _bytes.AddRange(bytes);
        return this;
    }

    public byte[] ToArray() => [.. _bytes];
}
