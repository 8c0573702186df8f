using System.Buffers.Binary;
using System.Numerics;
using CloudTicks.Benchmarks.Comparing.Feed;

namespace CloudTicks.Benchmarks.Hub;

/// <summary>Record batches of the protocol's format 2, full of archive records, as a producer sends them.</summary>
/// <param name="Batches">
/// The batches in the order in which they are sent; batch i is sent to partition i modulo the number of partitions.
/// </param>
/// <param name="Ticks">The number of ticks in all batches.</param>
internal sealed record PackedBatches(IReadOnlyList<byte[]> Batches, long Ticks)
{
    private const int MaxBatchBytes = 64 * 1024;

    /// <summary>The collector's records hold about this many ticks at 100,000 ticks/s.</summary>
    private const int TicksPerRecord = 100;

    private const int HeaderBytes = 61;
    private const int ChecksumAt = 17;
    private const int CheckedFrom = 21;

    /// <summary>The maximum length of a record's own fields: attributes, two deltas, and the lengths of key, value and headers.</summary>
    private const int MaxRecordOverhead = 24;

    public long Bytes => Batches.Sum(batch => (long)batch.Length);

    public static PackedBatches Pack(TickFrames frames, int repeats)
    {
        var batches = new List<byte[]>();
        var pending = new List<ReadOnlyMemory<byte>>();
        var pendingBytes = HeaderBytes;
        foreach (var value in TickRecords.Pack(frames, TicksPerRecord).SelectMany(partition => partition.Values))
        {
            if (pendingBytes + value.Length + MaxRecordOverhead > MaxBatchBytes)
            {
                batches.Add(BatchOf(pending));
                pending.Clear();
                pendingBytes = HeaderBytes;
            }

            pending.Add(value);
            pendingBytes += value.Length + MaxRecordOverhead;
        }

        batches.Add(BatchOf(pending));
        return new PackedBatches([.. Enumerable.Repeat(batches, repeats).SelectMany(all => all)], (long)frames.Ticks * repeats);
    }

    /// <summary>Encodes values as one batch.</summary>
    public static byte[] BatchOf(List<ReadOnlyMemory<byte>> values)
    {
        var bytes = new MemoryStream();
        bytes.Write(new byte[HeaderBytes]);
        for (var index = 0; index < values.Count; index++)
        {
            var record = new MemoryStream();
            record.WriteByte(0);
            WriteVarint(record, 0);
            WriteVarint(record, index);
            WriteVarint(record, -1);
            WriteVarint(record, values[index].Length);
            record.Write(values[index].Span);
            WriteVarint(record, 0);
            WriteVarint(bytes, record.Length);
            record.WriteTo(bytes);
        }

        var batch = bytes.ToArray();
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(8), batch.Length - 12);
        batch[16] = 2;
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(23), values.Count - 1);
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(27), now);
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(35), now);
        batch.AsSpan(43, 14).Fill(0xFF); // no producer id, epoch or sequence
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(57), values.Count);
        BinaryPrimitives.WriteUInt32BigEndian(batch.AsSpan(ChecksumAt), Crc32C(batch.AsSpan(CheckedFrom)));
        return batch;
    }

    private static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var crc = ~0u;
        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }

    private static void WriteVarint(MemoryStream to, long value)
    {
        var raw = (ulong)((value << 1) ^ (value >> 63));
        for (; raw >= 0x80; raw >>= 7)
        {
            to.WriteByte((byte)(raw | 0x80));
        }

        to.WriteByte((byte)raw);
    }
}
