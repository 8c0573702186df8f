using CloudTicks.EventHub.Groups;
using CloudTicks.EventHub.Hosting;
using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Producers;
using CloudTicks.EventHub.Protocol;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wal;

namespace CloudTicks.EventHub.Storage;

/// <summary>Brings the state of a checkpoint up to the end of the log.</summary>
internal sealed class Recovery(TopicCatalog topics, CommittedOffsets offsets, StoredGroups groups, ProducerIds producers, ILogger logger)
{
    private readonly ApplyRound _round = new();
    private bool _damaged;

    /// <summary>Applies one record. What the checkpoint has already is not applied twice.</summary>
    public void Replay(WalRecord record, ReadOnlyMemory<byte> payload)
    {
        var reader = new WireReader(payload.Span, ofOurs: true);
        switch (record.Kind)
        {
            case RecordKind.Batch:
                ReplayBatch(payload);
                break;
            case RecordKind.TopicCreated:
                TopicCreation.Read(ref reader, topics, old: true);
                break;
            case RecordKind.TopicMade:
                TopicCreation.Read(ref reader, topics, old: false);
                break;
            case RecordKind.PartitionsAdded:
                PartitionsAddition.Replay(ref reader, topics);
                break;
            case RecordKind.LogStartMoved:
                LogStartMove.Replay(ref reader, topics);
                break;
            case RecordKind.TopicDeleted:
                TopicDeletion.Replay(ref reader, topics, offsets);
                break;
            case RecordKind.OffsetsCommitted:
                OffsetsCommit.Read(ref reader, offsets, topics);
                break;
            case RecordKind.ProducerIdsReserved:
                ProducerIdReservation.Replay(ref reader, producers);
                break;
            case RecordKind.GroupDeleted:
                GroupDeletion.Replay(ref reader, offsets, groups);
                break;
            case RecordKind.GroupStored:
                groups.Read(ref reader);
                break;
            default:
                throw new StorageException(
                    $"The write-ahead log has a record of kind {record.Kind} at position {record.Position}, which this event hub does not know. Use the release that wrote it.");
        }
    }

    /// <summary>A stretch of the log is lost; which records it held shows where offsets go on.</summary>
    public void Report(WalDamage damage)
    {
        _damaged = true;
        logger.LogDamaged(damage.File, damage.From, damage.To);
    }

    /// <summary>Writes the batches met so far to their segments.</summary>
    public void WriteBatches()
    {
        foreach (var partition in _round.Touched)
        {
            partition.WriteStaged();
        }

        _round.Touched.Clear();
    }

    /// <summary>The log was read to its end.</summary>
    /// <exception cref="StorageException">Files are missing that it does not account for.</exception>
    public void Finish()
    {
        foreach (var partition in topics.All.SelectMany(t => t.Partitions))
        {
            partition.RequireWhole();
        }
    }

    private void ReplayBatch(ReadOnlyMemory<byte> payload)
    {
        var address = BatchAddress.Read(payload.Span);
        var bytes = payload[BatchAddress.Bytes..];
        _ = RecordBatch.TryRead(bytes.Span, out var batch);
        if (topics.FindNumber(address.Topic)?.Partition(address.Partition) is not { } partition || batch.BaseOffset < partition.LogEnd)
        {
            return; // of a topic that is deleted further on, or in the checkpoint already
        }

        if (batch.BaseOffset > partition.LogEnd)
        {
            if (!_damaged)
            {
                throw new StorageException(
                    $"{partition.Name} ends at offset {partition.LogEnd}, the write-ahead log goes on at {batch.BaseOffset}: something between is gone. Restore the data folder from a copy.");
            }

            logger.BatchDamaged(partition.Name, partition.LogEnd, batch.BaseOffset - 1);
        }

        partition.LogEnd = batch.NextOffset;
        partition.Producers.Add(batch, batch.BaseOffset);
        _round.Add(partition, bytes);
    }
}
