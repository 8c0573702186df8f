using System.Buffers.Binary;

namespace CloudTicks.EventHub.Wal;

/// <summary>The prefix of a batch in the log: the topic's number and the partition, little endian i32 each.</summary>
internal readonly record struct BatchAddress(int Topic, int Partition)
{
    public const int Bytes = 8;

    public void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteInt32LittleEndian(to, Topic);
        BinaryPrimitives.WriteInt32LittleEndian(to[4..], Partition);
    }

    public static BatchAddress Read(ReadOnlySpan<byte> from) =>
        new(BinaryPrimitives.ReadInt32LittleEndian(from), BinaryPrimitives.ReadInt32LittleEndian(from[4..]));
}
