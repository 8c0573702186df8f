using System.Buffers.Binary;
using CloudTicks.EventHub.Disks;
using CloudTicks.EventHub.Groups;
using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Broker;

/// <summary>Brings a checkpoint's state up to what was acknowledged, from the log, or segments' copies where it is damaged.</summary>
internal sealed class Recovery(
    TopicCatalog topics, CommittedOffsets offsets, StoredGroups groups, ProducerIds producers, Disk disk, long checkpointed,
    IReadOnlyDictionary<BatchAddress, long> acknowledgedEnds, ILogger logger)
{
    /// <summary>Commits may be set to anything by a tool; one that is this far ahead is no sign of lost records.</summary>
    private const long MaxBelievedLead = 1L << 31;

    private readonly ApplyRound _round = new();
    private readonly Dictionary<PartitionLog, PartitionRecovery> _partitions = [];
    private readonly Dictionary<BatchAddress, long> _copiesFrom = [];
    private readonly HashSet<int> _deleted = [];
    private readonly HashSet<BatchAddress> _unknown = [];
    private readonly int _topicsFrom = topics.NextNumber;

    /// <summary>Records that have no whole copy, by partition.</summary>
    public IEnumerable<(PartitionLog Partition, LostRecords Records)> Lost =>
        _partitions.Values.SelectMany(p => p.Lost.Select(lost => (p.Partition, lost)));

    /// <summary>True when the log did not have all that was acknowledged.</summary>
    public bool LogDamaged { get; private set; }

    /// <summary>Before anything else: notes from which offset on the log has copies of what is in the checkpoint too.</summary>
    public void NoteCopy(WalRecord record, ReadOnlyMemory<byte> payload)
    {
        if (record.Kind == RecordKind.Batch && record.Position < checkpointed
            && RecordBatch.TryRead(payload.Span[BatchAddress.Bytes..], out var batch))
        {
            _copiesFrom.TryAdd(BatchAddress.Read(payload.Span), batch.BaseOffset);
        }
    }

    /// <summary>Applies one record. What the checkpoint or a segment has already is not applied twice.</summary>
    public void Replay(WalRecord record, ReadOnlyMemory<byte> payload)
    {
        var reader = new WireReader(payload.Span, ofOurs: true);
        if (record.Kind == RecordKind.Batch)
        {
            ReplayBatch(record, payload);
            return;
        }

        if (record.Position < checkpointed)
        {
            return;
        }

        switch (record.Kind)
        {
            case RecordKind.TopicCreated:
                TopicCreation.Read(ref reader, topics, old: true);
                break;
            case RecordKind.TopicMade:
                TopicCreation.Read(ref reader, topics, old: false);
                break;
            case RecordKind.PartitionsAdded:
                PartitionsAddition.Replay(ref reader, topics);
                break;
            case RecordKind.TopicSettingsChanged:
                SettingsChange.Replay(ref reader, topics);
                break;
            case RecordKind.OffsetsDeleted:
                OffsetsDeletion.Replay(ref reader, offsets);
                break;
            case RecordKind.LogStartMoved:
                LogStartMove.Replay(ref reader, topics, partition => Of(partition));
                break;
            case RecordKind.TopicDeleted:
                _deleted.Add(BinaryPrimitives.ReadInt32BigEndian(payload.Span));
                TopicDeletion.Replay(ref reader, topics, offsets.Forget);
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
                    $"The write-ahead log has a record of kind {record.Kind} at position {record.Position}, which this event hub does not "
                        + "know. Use the release that wrote it.");
        }
    }

    /// <summary>A stretch of the log is lost: what it held is looked for elsewhere.</summary>
    public void Report(WalDamage damage)
    {
        logger.LogDamaged(damage.File, damage.From, damage.To);
        FindElsewhere();
    }

    public void WriteBatches() => _round.Write();

    /// <summary>The log was read to its end.</summary>
    /// <param name="acknowledged">Everything before this position is known to be acknowledged; 0 when nothing is known.</param>
    /// <exception cref="StorageException">Files are missing that it does not account for.</exception>
    public void Finish(long end, long acknowledged)
    {
        if (end < acknowledged)
        {
            logger.LogCut(end, acknowledged);
            FindElsewhere();
        }

        var all = topics.All.SelectMany(t => t.Partitions).Select(Of).ToList();
        foreach (var partition in all)
        {
            partition.FillTo(long.MaxValue, _round);
        }

        WriteBatches();
        foreach (var partition in all.Where(p => p.LogWasShort))
        {
            LogDamaged = true;
            logger.SegmentUsed(partition.Partition.Name);
        }

        foreach (var partition in all)
        {
            partition.Finish(KnownEnd(partition.Partition));
        }

        foreach (var gone in _partitions.Keys.Where(p => p.Gone).ToList())
        {
            _partitions.Remove(gone);
        }

        if (LogDamaged)
        {
            producers.SkipAhead();
        }

        foreach (var unknown in _unknown.Where(u => LogDamaged && !_deleted.Contains(u.Topic)))
        {
            logger.TopicUnknown(unknown.Topic, unknown.Partition);
        }
    }

    /// <summary>The log and the segments have, flushed, what was kept apart meanwhile.</summary>
    public void DeleteSalvage()
    {
        foreach (var partition in _partitions.Values)
        {
            partition.DeleteSalvage();
        }
    }

    private PartitionRecovery Of(PartitionLog partition)
    {
        if (!_partitions.TryGetValue(partition, out var recovery))
        {
            recovery = new PartitionRecovery(partition, disk, acknowledgedEnds.GetValueOrDefault(partition.Address));
            recovery.Open(_copiesFrom.TryGetValue(partition.Address, out var from) ? from : null);
            _partitions.Add(partition, recovery);
        }

        return recovery;
    }

    private void FindElsewhere()
    {
        LogDamaged = true;
        foreach (var topic in topics.FindAgain(_topicsFrom, _deleted))
        {
            logger.TopicFound(topic.Name);
        }
    }

    private long KnownEnd(PartitionLog partition)
    {
        var known = acknowledgedEnds.GetValueOrDefault(partition.Address);
        if (LogDamaged)
        {
            // A group never commits an offset that was not acknowledged.
            var committed = offsets.Groups.Select(group => offsets.Find(group, partition.Name)?.Offset ?? 0).DefaultIfEmpty().Max();
            known = committed - partition.LogEnd < MaxBelievedLead ? Math.Max(known, committed) : known;
        }

        return known;
    }

    private void ReplayBatch(WalRecord record, ReadOnlyMemory<byte> payload)
    {
        var address = BatchAddress.Read(payload.Span);
        var bytes = payload[BatchAddress.Bytes..];
        _ = RecordBatch.TryRead(bytes.Span, out var batch);
        if (topics.FindNumber(address.Topic)?.Partition(address.Partition) is { } partition)
        {
            Of(partition).Replay(batch, bytes, _round);
        }
        else if (record.Position >= checkpointed)
        {
            _unknown.Add(address); // of a topic that is deleted further on, or whose making is lost
        }
    }
}
