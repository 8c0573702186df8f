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
/// Replays the log on top of a checkpoint, locates the batches of each partition in the log's files, and determines which acknowledged
/// records are lost.
/// </summary>
internal sealed class Recovery(
    TopicCatalog topics, CommittedOffsets offsets, StoredGroups groups, ProducerIds producers, DamageRegister damage, Disk disk,
    long checkpointed, bool logHasAllLaterBatches, IReadOnlyDictionary<BatchAddress, long> acknowledgedEnds, ILogger logger)
{
    /// <summary>
    /// A committed offset that exceeds the end of a partition by less than this number indicates lost records. Tools may commit any offset,
    /// so a larger excess is ignored.
    /// </summary>
    private const long MaxPlausibleLead = 1L << 31;

    private readonly Dictionary<PartitionLog, PartitionRecovery> _partitions = [];
    private readonly List<(LogFile File, FoundBatch Found)> _orphans = [];
    private readonly HashSet<int> _deletedTopics = [];
    private readonly HashSet<BatchAddress> _unknownPartitions = [];
    private readonly int _firstTopicAfterCheckpoint = topics.NextNumber;

    /// <summary>Records without an intact copy, by partition.</summary>
    public IEnumerable<(PartitionLog Partition, LostRecords Records)> Lost =>
        _partitions.Values.SelectMany(p => p.Lost.Select(lost => (p.Partition, lost)));

    /// <summary>True when the log does not contain everything that was acknowledged.</summary>
    public bool LogDamaged { get; private set; }

    /// <summary>Adds one partition's part of an indexed log file.</summary>
    public void Replay(LogFile file, LogRangeSummary summary)
    {
        if (Find(summary.Address) is { } partition)
        {
            RecoveryOf(partition).Add(file, summary);
        }
    }

    public void Replay(LogFile file, FoundBatch found, WalRecord record)
    {
        if (Find(found.Address) is { } partition)
        {
            var recovery = RecoveryOf(partition);
            AddOrphans(recovery, found.Batch.BaseOffset);
            recovery.Add(file, found);
        }
        else if (record.Position >= checkpointed)
        {
            _unknownPartitions.Add(found.Address); // the topic is deleted later in the log, or the record of its creation is lost
        }
    }

    /// <summary>Adds an intact batch whose record header is damaged; it is used once its partition is known.</summary>
    public void AddOrphan(LogFile file, FoundBatch found) => _orphans.Add((file, found));

    /// <summary>Applies a log record other than a batch, unless the checkpoint contains it.</summary>
    public void Replay(WalRecord record, ReadOnlyMemory<byte> payload)
    {
        var reader = new WireReader(payload.Span, isTrusted: true);
        if (record.Position < checkpointed)
        {
            return;
        }

        switch (record.Kind)
        {
            case RecordKind.TopicCreated:
                TopicCreation.Read(ref reader, topics, old: true);
                break;
            case RecordKind.TopicCreatedWithSettings:
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
                LogStartMove.Replay(ref reader, topics, partition => RecoveryOf(partition));
                break;
            case RecordKind.TopicDeleted:
                _deletedTopics.Add(BinaryPrimitives.ReadInt32BigEndian(payload.Span));
                TopicDeletion.Replay(ref reader, topics, offsets.RemoveTopic);
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
                    $"The write-ahead log has a record of kind {record.Kind} at position {record.Position}, which this release does not "
                        + "support. Use the release that wrote it.");
        }
    }

    /// <summary>
    /// Logs a damaged range of the log. Topics that may be missing as a result are restored from the files in their folders.
    /// </summary>
    public void Report(WalDamage damage)
    {
        logger.LogDamaged(damage.File, damage.From, damage.To);
        HandleLogDamage();
    }

    /// <summary>Completes the recovery at the end of the log.</summary>
    /// <param name="acknowledged">Everything before this position was acknowledged; 0 when unknown.</param>
    /// <exception cref="StorageException">A segment that the last checkpoint contains is missing.</exception>
    public void Finish(long end, long acknowledged)
    {
        if (end < acknowledged)
        {
            logger.LogTruncated(end, acknowledged);
            HandleLogDamage();
        }

        damage.Refresh();
        foreach (var partition in topics.All.SelectMany(t => t.Partitions).Select(RecoveryOf).ToList())
        {
            var knownEnd = KnownEnd(partition.Partition);
            AddOrphans(partition, Math.Max(knownEnd, partition.Partition.LogEnd));
            AddOrphans(partition, long.MaxValue);
            partition.Finish(knownEnd, lost => damage.IsKnown(partition.Partition.Name, lost));
        }

        foreach (var (partition, recovery) in _partitions.Where(p => p.Key.IsDeleted).ToList())
        {
            recovery.ReleaseRanges();
            _partitions.Remove(partition);
        }

        if (LogDamaged)
        {
            producers.SkipAhead();
            foreach (var topic in topics.RestoreSettings(checkpointed))
            {
                logger.SettingsRecovered(topic.Name);
            }
        }

        foreach (var unknown in _unknownPartitions.Where(u => LogDamaged && !_deletedTopics.Contains(u.Topic)))
        {
            logger.TopicUnknown(unknown.Topic, unknown.Partition);
        }
    }

    private PartitionLog? Find(BatchAddress address) => topics.FindNumber(address.Topic)?.Partition(address.Partition);

    private PartitionRecovery RecoveryOf(PartitionLog partition)
    {
        if (!_partitions.TryGetValue(partition, out var recovery))
        {
            recovery = new PartitionRecovery(partition, disk, logHasAllLaterBatches);
            recovery.Open();
            _partitions.Add(partition, recovery);
        }

        return recovery;
    }

    /// <summary>
    /// Fills a hole with batches whose record headers are damaged. A batch is used if its address and offset match. Because an address may
    /// be damaged, a batch with another address is used as well, if the batch fills the rest of the hole exactly and the partition at that
    /// address does not need it next. When the end of the hole is unknown, only batches with a verified address are used.
    /// </summary>
    private void AddOrphans(PartitionRecovery recovery, long before)
    {
        while (_orphans.Count > 0 && recovery.Expected < before)
        {
            var match = _orphans.FindIndex(o => Matches(o.Found) && o.Found.Address == recovery.Partition.Address);
            match = match >= 0
                ? match
                : _orphans.FindIndex(o => Matches(o.Found) && o.Found.Batch.NextOffset == before && !IsMissing(o.Found));
            if (match < 0)
            {
                return;
            }

            var (file, found) = _orphans[match];
            _orphans.RemoveAt(match);
            recovery.Add(file, found);
        }

        bool Matches(FoundBatch found) =>
            found.Batch.NextOffset <= before
            && (found.IsAddressVerified
                ? found.Batch.BaseOffset <= recovery.Expected && found.Batch.NextOffset > recovery.Expected
                : found.Batch.BaseOffset == recovery.Expected && before < long.MaxValue);
    }

    /// <summary>True when the partition at the batch's address needs this batch next.</summary>
    private bool IsMissing(FoundBatch found) =>
        Find(found.Address) is { } partition && RecoveryOf(partition).Expected == found.Batch.BaseOffset;

    private void HandleLogDamage()
    {
        LogDamaged = true;
        foreach (var topic in topics.RestoreTopics(_firstTopicAfterCheckpoint, _deletedTopics))
        {
            logger.TopicRecovered(topic.Name);
        }
    }

    private long KnownEnd(PartitionLog partition)
    {
        var knownEnd = acknowledgedEnds.GetValueOrDefault(partition.Address);
        if (LogDamaged)
        {
            // Consumers read only acknowledged records, so the records before a committed offset were acknowledged.
            var committed = offsets.Groups.Select(group => offsets.Find(group, partition.Name)?.Offset ?? 0).DefaultIfEmpty().Max();
            knownEnd = committed - partition.LogEnd < MaxPlausibleLead ? Math.Max(knownEnd, committed) : knownEnd;
        }

        return knownEnd;
    }
}
