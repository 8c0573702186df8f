using System.Buffers.Binary;
using CloudTicks.Benchmarks.Hub;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Benchmarks.Ingest;

/// <summary>Reads the ticks of all records of a topic from the event hub. The records are not compressed.</summary>
internal static class ArchivedTicks
{
    private const int LengthAt = 8;
    private const int LastOffsetDeltaAt = 23;
    private const int CountAt = 57;
    private const int HeaderBytes = 61;

    /// <summary>Counts the ticks.</summary>
    public static long Count(WireClient client, string topic, int partitions)
    {
        var ticks = 0L;
        Read(client, topic, new long[partitions], (_, record) => ticks += record.Count);
        return ticks;
    }

    /// <summary>
    /// Decodes the records at and after the given offsets, passes each to the callback with its partition, and advances the offsets. Gap
    /// records are skipped.
    /// </summary>
    public static void Read(WireClient client, string topic, long[] offsets, Action<int, TickBatchReader> onRecord)
    {
        var reader = new TickBatchReader(new SymbolDictionary());
        for (var partition = 0; partition < offsets.Length; partition++)
        {
            ref var next = ref offsets[partition];
            for (var fetched = client.Fetch(topic, partition, next); fetched.Length > 0; fetched = client.Fetch(topic, partition, next))
            {
                while (fetched.Length >= HeaderBytes && fetched.Length >= LengthOf(fetched))
                {
                    var batch = fetched[..LengthOf(fetched)];
                    ReadBatch(reader, batch, partition, onRecord);
                    next = BinaryPrimitives.ReadInt64BigEndian(batch) + BinaryPrimitives.ReadInt32BigEndian(batch[LastOffsetDeltaAt..]) + 1;
                    fetched = fetched[batch.Length..];
                }
            }
        }
    }

    private static int LengthOf(ReadOnlySpan<byte> batch) => 12 + BinaryPrimitives.ReadInt32BigEndian(batch[LengthAt..]);

    private static void ReadBatch(TickBatchReader reader, ReadOnlySpan<byte> batch, int partition, Action<int, TickBatchReader> onRecord)
    {
        var at = HeaderBytes;
        for (var remaining = BinaryPrimitives.ReadInt32BigEndian(batch[CountAt..]); remaining > 0; remaining--)
        {
            var length = (int)ReadVarint(batch, ref at);
            var end = at + length;
            at++; // attributes
            ReadVarint(batch, ref at);
            ReadVarint(batch, ref at);
            var keyLength = (int)ReadVarint(batch, ref at);
            at += Math.Max(0, keyLength);
            var valueLength = (int)ReadVarint(batch, ref at);
            if (!GapRecord.IsGap(batch.Slice(at, valueLength)))
            {
                reader.Open(batch.Slice(at, valueLength).ToArray());
                onRecord(partition, reader);
            }

            at = end;
        }
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
