using System.Buffers.Binary;
using CloudTicks.EventHub.Disks;
using CloudTicks.EventHub.Groups;
using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Broker;

/// <summary>
/// Brings the state of a checkpoint up to the end of what was acknowledged, by the log, and finds where in its files the batches of each
/// partition lie.
/// </summary>
internal sealed class Recovery(
    TopicCatalog topics, CommittedOffsets offsets, StoredGroups groups, ProducerIds producers, DamageRegister damage, Disk disk,
    long checkpointed, bool logHasAll, IReadOnlyDictionary<BatchAddress, long> acknowledgedEnds, ILogger logger)
{
    /// <summary>Commits may be set to anything by a tool; one that is this far ahead is no sign of lost records.</summary>
    private const long MaxBelievedLead = 1L << 31;

    private readonly Dictionary<PartitionLog, PartitionRecovery> _partitions = [];
    private readonly List<(LogFile File, FoundBatch Found)> _orphans = [];
    private readonly HashSet<int> _deleted = [];
    private readonly HashSet<BatchAddress> _unknown = [];
    private readonly int _topicsFrom = topics.NextNumber;

    /// <summary>Records that have no whole copy, by partition.</summary>
    public IEnumerable<(PartitionLog Partition, LostRecords Records)> Lost =>
        _partitions.Values.SelectMany(p => p.Lost.Select(lost => (p.Partition, lost)));

    /// <summary>True when the log did not have all that was acknowledged.</summary>
    public bool LogDamaged { get; private set; }

    /// <summary>Takes a part of a log file that has an index.</summary>
    public void Replay(LogFile file, LogRangeSummary summary)
    {
        if (Find(summary.Address) is { } partition)
        {
            Of(partition).Add(file, summary);
        }
    }

    /// <summary>Takes a batch.</summary>
    public void Replay(LogFile file, FoundBatch found, WalRecord record)
    {
        if (Find(found.Address) is { } partition)
        {
            var recovery = Of(partition);
            TakeOrphans(recovery, found.Batch.BaseOffset);
            recovery.Add(file, found);
        }
        else if (record.Position >= checkpointed)
        {
            _unknown.Add(found.Address); // of a topic that is deleted further on, or whose making is lost
        }
    }

    /// <summary>Keeps a batch that is whole, unlike the header of its record, until it is clear where it belongs.</summary>
    public void Keep(LogFile file, FoundBatch found) => _orphans.Add((file, found));

    /// <summary>Applies one record other than a batch. What the checkpoint has already is not applied twice.</summary>
    public void Replay(WalRecord record, ReadOnlyMemory<byte> payload)
    {
        var reader = new WireReader(payload.Span, ofOurs: true);
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
                SettingsChange.Replay(ref reader, topics, record.Position);
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
            case RecordKind.Padding:
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

        damage.Refresh();
        foreach (var partition in topics.All.SelectMany(t => t.Partitions).Select(Of).ToList())
        {
            var known = KnownEnd(partition.Partition);
            TakeOrphans(partition, Math.Max(known, partition.Partition.LogEnd));
            TakeOrphans(partition, long.MaxValue);
            partition.Finish(known, lost => damage.IsKnown(partition.Partition.Name, lost));
        }

        foreach (var (gone, recovery) in _partitions.Where(p => p.Key.Gone).ToList())
        {
            recovery.Drop();
            _partitions.Remove(gone);
        }

        if (LogDamaged)
        {
            producers.SkipAhead();
            foreach (var topic in topics.FindSettingsAgain(checkpointed))
            {
                logger.SettingsFound(topic.Name);
            }
        }

        foreach (var unknown in _unknown.Where(u => LogDamaged && !_deleted.Contains(u.Topic)))
        {
            logger.TopicUnknown(unknown.Topic, unknown.Partition);
        }
    }

    private PartitionLog? Find(BatchAddress address) => topics.FindNumber(address.Topic)?.Partition(address.Partition);

    private PartitionRecovery Of(PartitionLog partition)
    {
        if (!_partitions.TryGetValue(partition, out var recovery))
        {
            recovery = new PartitionRecovery(partition, disk, logHasAll);
            recovery.Open();
            _partitions.Add(partition, recovery);
        }

        return recovery;
    }

    /// <summary>
    /// Fills a hole with batches that were found without the headers of their records: those whose address and offset fit, or, where the
    /// address is damaged, one that fills the hole exactly and is missed nowhere else. Where the end of the hole is not known, only those
    /// are taken that a checksum speaks for.
    /// </summary>
    private void TakeOrphans(PartitionRecovery recovery, long before)
    {
        while (_orphans.Count > 0 && recovery.Expected < before)
        {
            var fitting = _orphans.FindIndex(o => Fits(o.Found) && o.Found.Address == recovery.Partition.Address);
            fitting = fitting >= 0
                ? fitting
                : _orphans.FindIndex(o => Fits(o.Found) && o.Found.Batch.NextOffset == before && !IsMissed(o.Found));
            if (fitting < 0)
            {
                return;
            }

            var (file, found) = _orphans[fitting];
            _orphans.RemoveAt(fitting);
            recovery.Add(file, found);
        }

        bool Fits(FoundBatch found) =>
            found.Batch.NextOffset <= before
            && (found.IsSure
                ? found.Batch.BaseOffset <= recovery.Expected && found.Batch.NextOffset > recovery.Expected
                : found.Batch.BaseOffset == recovery.Expected && before < long.MaxValue);
    }

    /// <summary>True when the partition that the address names misses just this offset.</summary>
    private bool IsMissed(FoundBatch found) => Find(found.Address) is { } partition && Of(partition).Expected == found.Batch.BaseOffset;

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
}
