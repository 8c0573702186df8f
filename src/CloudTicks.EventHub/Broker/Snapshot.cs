using System.Buffers.Binary;
using CloudTicks.EventHub.Disks;
using CloudTicks.EventHub.Groups;
using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Broker;

/// <summary>
/// The file of a checkpoint: all state except records, and the end of each partition. Layout: <c>CTHUBSNP</c>, version i32, CRC-32C of the
/// rest (u32), then the fields in the order below, big endian.
/// </summary>
internal static class Snapshot
{
    private const int Version = 4;

    /// <summary>The last format version of releases that also wrote each batch to a segment; it can still be read.</summary>
    private const int VersionWithSegments = 3;

    /// <summary>The last format version without retention settings and log start offsets; it can still be read.</summary>
    private const int VersionWithoutStarts = 2;

    /// <summary>The first format version, without groups; it can still be read.</summary>
    private const int VersionWithoutGroups = 1;

    private const int HeaderBytes = 16;

    private static ReadOnlySpan<byte> Magic => "CTHUBSNP"u8;

    /// <summary>
    /// Apply thread, at the checkpoint's position: returns the content of the file, and the checkpoint of each partition.
    /// </summary>
    public static (byte[] Content, List<PartitionCheckpoint> Partitions) Take(
        Checkpoint checkpoint, TopicCatalog topics, CommittedOffsets offsets, StoredGroups groups, ProducerIds producers)
    {
        var partitions = new List<PartitionCheckpoint>();
        using var writer = new WireWriter();
        writer.WriteInt64(checkpoint.Position);
        writer.WriteInt64(producers.DurableEnd);
        writer.WriteInt32(checkpoint.NextTopicNumber);
        writer.WriteInt64(checkpoint.NewestFile);
        writer.WriteArray(topics.All, (w, topic) =>
        {
            TopicCreation.Write(w, topic);
            foreach (var partition in topic.Partitions)
            {
                var partitionCheckpoint = partition.TakeCheckpoint(checkpoint.Producers.TryGetValue(partition, out var known) ? known : []);
                partitions.Add(partitionCheckpoint);
                Write(w, partitionCheckpoint);
            }
        });
        writer.WriteArray([.. offsets.Groups], (w, group) => OffsetsCommit.Write(w, group, offsets.All(group)));
        writer.WriteArray(groups.All, GroupSnapshot.Write);

        var content = new byte[HeaderBytes + writer.Length];
        Magic.CopyTo(content);
        BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(8), Version);
        writer.Written.Span.CopyTo(content.AsSpan(HeaderBytes));
        BinaryPrimitives.WriteUInt32BigEndian(content.AsSpan(12), Crc32C.Of(content.AsSpan(HeaderBytes)));
        return (content, partitions);
    }

    /// <returns>
    /// The log position at which recovery continues, and the start of the newest log file before it: -1 when there is none, null without
    /// a snapshot and for a snapshot of a release that did not keep batches in the log.
    /// </returns>
    /// <exception cref="StorageException">The file is damaged or has an unknown version.</exception>
    public static (long Position, long? NewestFile) Load(
        string path, TopicCatalog topics, CommittedOffsets offsets, StoredGroups groups, ProducerIds producers)
    {
        if (!File.Exists(path))
        {
            return (0, null);
        }

        var content = File.ReadAllBytes(path);
        if (content.Length < HeaderBytes || !content.AsSpan().StartsWith(Magic)
            || BinaryPrimitives.ReadUInt32BigEndian(content.AsSpan(12)) != Crc32C.Of(content.AsSpan(HeaderBytes)))
        {
            throw new StorageException($"The checkpoint {path} is damaged. Restore it from a backup of the data folder.");
        }

        var version = BinaryPrimitives.ReadInt32BigEndian(content.AsSpan(8));
        if (version is < VersionWithoutGroups or > Version)
        {
            throw new StorageException(
                $"The checkpoint {path} has version {version}; this event hub reads versions {VersionWithoutGroups} to {Version}. Use the "
                    + "release that wrote it.");
        }

        var reader = new WireReader(content.AsSpan(HeaderBytes), isTrusted: true);
        var position = reader.ReadInt64();
        producers.MarkReserved(reader.ReadInt64());
        topics.NextNumber = reader.ReadInt32();
        long? newestFile = version > VersionWithSegments ? reader.ReadInt64() : null;
        for (var count = reader.ReadArrayLength(26); count > 0; count--)
        {
            foreach (var partition in TopicCreation.Read(ref reader, topics, old: version <= VersionWithoutStarts).Partitions)
            {
                Read(ref reader, partition, version);
            }
        }

        for (var count = reader.ReadArrayLength(6); count > 0; count--)
        {
            OffsetsCommit.Read(ref reader, offsets, topics);
        }

        if (version > VersionWithoutGroups)
        {
            for (var count = reader.ReadArrayLength(GroupSnapshot.MinBytes); count > 0; count--)
            {
                groups.Read(ref reader);
            }
        }

        return (position, newestFile);
    }

    private static void Write(WireWriter writer, PartitionCheckpoint partitionCheckpoint)
    {
        writer.WriteInt64(partitionCheckpoint.NextOffset);
        writer.WriteInt64(partitionCheckpoint.LogStart);
        writer.WriteArray(partitionCheckpoint.Producers, static (w, producer) =>
        {
            w.WriteInt64(producer.Key);
            w.WriteInt16(producer.Value.Epoch);
            w.WriteInt8((sbyte)producer.Value.Count);
            for (var i = 0; i < producer.Value.Count; i++)
            {
                w.WriteInt32(producer.Value[i].BaseSequence);
                w.WriteInt32(producer.Value[i].Count);
                w.WriteInt64(producer.Value[i].BaseOffset);
            }
        });
    }

    private static void Read(ref WireReader reader, PartitionLog partition, int version)
    {
        (long, long)? growing = version <= VersionWithSegments ? (reader.ReadInt64(), reader.ReadInt64()) : null;
        partition.Checkpointed = new CheckpointedEnd(
            reader.ReadInt64(), version <= VersionWithoutStarts ? null : reader.ReadInt64(), growing);
        for (var count = reader.ReadArrayLength(11); count > 0; count--)
        {
            var id = reader.ReadInt64();
            var epoch = reader.ReadInt16();
            var state = default(ProducerState);
            for (var batchCount = reader.ReadInt8(); batchCount > 0; batchCount--)
            {
                state.Add(epoch, new ProducerBatch(reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt64()));
            }

            partition.Producers.Restore(id, state);
        }
    }
}
