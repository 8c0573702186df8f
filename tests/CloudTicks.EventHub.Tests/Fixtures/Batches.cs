using System.Buffers.Binary;
using System.Text;
using CloudTicks.EventHub.Records;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Tests.Fixtures;

/// <summary>Creates record batches, and reads them back.</summary>
internal static class Batches
{
    public const long FirstTimestamp = 1_700_000_000_000;

    /// <summary>A batch of uncompressed records; record i has timestamp <paramref name="timestamp"/> + i.</summary>
    public static byte[] Of(
        IReadOnlyList<string> values, long producer = -1, short epoch = -1, int sequence = -1, long timestamp = FirstTimestamp,
        short attributes = 0)
    {
        var records = new MemoryStream();
        for (var i = 0; i < values.Count; i++)
        {
            var value = Encoding.UTF8.GetBytes(values[i]);
            var record = new MemoryStream();
            record.WriteByte(0);
            WriteVarint(record, i);
            WriteVarint(record, i);
            WriteVarint(record, -1); // no key
            WriteVarint(record, value.Length);
            record.Write(value);
            WriteVarint(record, 0); // no headers
            WriteVarint(records, record.Length);
            record.WriteTo(records);
        }

        var batch = new byte[RecordBatch.HeaderBytes + records.Length];
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(8), batch.Length - 12);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(12), -1);
        batch[16] = 2;
        BinaryPrimitives.WriteInt16BigEndian(batch.AsSpan(21), attributes);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(23), values.Count - 1);
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(27), timestamp);
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(35), timestamp + values.Count - 1);
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(43), producer);
        BinaryPrimitives.WriteInt16BigEndian(batch.AsSpan(51), epoch);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(53), sequence);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(57), values.Count);
        records.ToArray().CopyTo(batch, RecordBatch.HeaderBytes);
        SetChecksum(batch);
        return batch;
    }

    public static byte[] Of(params string[] values) => Of(values, producer: -1);

    /// <summary>The same batch with its records compressed.</summary>
    public static byte[] Packed(RecordCodec codec, byte[] batch)
    {
        using var packed = new RecordBuffer(batch.Length + 1024);
        RecordCodecs.Pack(codec, batch.AsSpan(RecordBatch.HeaderBytes), packed);
        return WithRecords(batch, packed.Span, (short)codec);
    }

    /// <summary>A batch with other bytes after its header, whose length, attributes and checksum are adjusted.</summary>
    public static byte[] WithRecords(byte[] batch, ReadOnlySpan<byte> records, short attributes)
    {
        byte[] whole = [.. batch.AsSpan(0, RecordBatch.HeaderBytes), .. records];
        BinaryPrimitives.WriteInt32BigEndian(whole.AsSpan(8), whole.Length - 12);
        BinaryPrimitives.WriteInt16BigEndian(whole.AsSpan(21), attributes);
        SetChecksum(whole);
        return whole;
    }

    /// <summary>Computes a batch's checksum and writes it into the batch.</summary>
    public static void SetChecksum(byte[] batch) => BinaryPrimitives.WriteUInt32BigEndian(batch.AsSpan(17), Crc32C.Of(batch.AsSpan(21)));

    /// <summary>The records of whole batches: offset and value.</summary>
    public static List<(long Offset, string Value)> Read(ReadOnlySpan<byte> batches)
    {
        var found = new List<(long, string)>();
        while (batches.Length > 0)
        {
            RecordBatch.TryRead(batches, out var batch).ShouldBeTrue();
            var bytes = batches[..(int)batch.TotalBytes];
            RecordBatch.IsIntact(bytes).ShouldBeTrue();
            var at = RecordBatch.HeaderBytes;
            for (var i = 0; i < batch.Count; i++)
            {
                ReadVarint(bytes, ref at);
                at++;
                ReadVarint(bytes, ref at);
                var delta = ReadVarint(bytes, ref at);
                ReadVarint(bytes, ref at);
                var length = (int)ReadVarint(bytes, ref at);
                found.Add((batch.BaseOffset + delta, Encoding.UTF8.GetString(bytes.Slice(at, length))));
                at += length;
                ReadVarint(bytes, ref at);
            }

            batches = batches[(int)batch.TotalBytes..];
        }

        return found;
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

    private static long ReadVarint(ReadOnlySpan<byte> from, ref int at)
    {
        ulong raw = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = from[at++];
            raw |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return (long)(raw >> 1) ^ -(long)(raw & 1);
            }
        }
    }
}
