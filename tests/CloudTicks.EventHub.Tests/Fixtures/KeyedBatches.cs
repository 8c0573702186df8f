using System.Buffers.Binary;
using System.Text;
using CloudTicks.EventHub.Records;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Tests.Fixtures;

/// <summary>Creates record batches with keys and any codec, and reads partitions.</summary>
internal static class KeyedBatches
{
    /// <summary>A batch of keys and values; a null value is a tombstone.</summary>
    public static byte[] Of(
        IReadOnlyList<(string? Key, string? Value)> records, long timestamp, RecordCodec codec = RecordCodec.None, long producer = -1,
        int sequence = -1)
    {
        using var unpacked = new RecordBuffer(int.MaxValue);
        for (var i = 0; i < records.Count; i++)
        {
            using var record = new RecordBuffer(int.MaxValue);
            record.Append(0);
            Varint.Write(i, record);
            Varint.Write(i, record);
            Write(records[i].Key, record);
            Write(records[i].Value, record);
            Varint.Write(0, record);
            Varint.Write(record.Length, unpacked);
            unpacked.Append(record.Span);
        }

        using var packed = new RecordBuffer(int.MaxValue);
        var epoch = (short)(producer < 0 ? -1 : 0);
        var header = Batches.Of([.. records.Select(_ => "")], producer, epoch, sequence, timestamp, (short)codec);
        packed.Append(header.AsSpan(0, RecordBatch.HeaderBytes));
        RecordCodecs.Pack(codec, unpacked.Span, packed);
        var batch = packed.Written.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(8), batch.Length - 12);
        Batches.SetChecksum(batch);
        return batch;
    }

    /// <summary>All readable records of a partition.</summary>
    public static List<(long Offset, string? Key, string? Value)> ReadKeyed(this TestStorage storage, string topic, int partition = 0)
    {
        var log = storage.Topic(topic).Partitions[partition];
        var all = new List<(long, string?, string?)>();
        for (var offset = log.LogStart; ;)
        {
            using var fetched = log.Reader.Read(offset, 1 << 20, atLeastOne: true);
            if (fetched.Length == 0)
            {
                return all;
            }

            for (var rest = fetched.Bytes; RecordBatch.TryRead(rest.Span, out var batch); rest = rest[(int)batch.TotalBytes..])
            {
                RecordBatch.IsIntact(rest.Span[..(int)batch.TotalBytes]).ShouldBeTrue();
                all.AddRange(Read(rest[..(int)batch.TotalBytes], batch).Where(r => r.Offset >= offset));
                offset = batch.NextOffset;
            }
        }
    }

    private static List<(long Offset, string? Key, string? Value)> Read(ReadOnlyMemory<byte> bytes, RecordBatch batch)
    {
        using var unpacked = new RecordBuffer(int.MaxValue);
        RecordCodecs.TryUnpack((RecordCodec)batch.Codec, bytes[RecordBatch.HeaderBytes..], unpacked).ShouldBeTrue();
        var records = new List<(long, string?, string?)>();
        var reader = new RecordReader(unpacked.Span);
        while (reader.TryRead(out var record))
        {
            var key = record.HasKey ? Encoding.UTF8.GetString(record.Key) : null;
            records.Add((batch.BaseOffset + record.OffsetDelta, key, ValueOf(record)));
        }

        records.Count.ShouldBe(batch.Count);
        return records;
    }

    private static string? ValueOf(RecordView record)
    {
        var rest = record.Content;
        Varint.TryRead(ref rest, out var key).ShouldBeTrue();
        rest = rest[(int)Math.Max(0, key)..];
        Varint.TryRead(ref rest, out var value).ShouldBeTrue();
        return value < 0 ? null : Encoding.UTF8.GetString(rest[..(int)value]);
    }

    private static void Write(string? text, RecordBuffer to)
    {
        var bytes = text is null ? null : Encoding.UTF8.GetBytes(text);
        Varint.Write(bytes?.Length ?? -1, to);
        to.Append(bytes);
    }
}
