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
/// Replays the log on top of a checkpoint, up to the end of what was acknowledged, and locates the batches of each partition in the log's
/// files.
/// </summary>
internal sealed class Recovery(
    TopicCatalog topics, CommittedOffsets offsets, StoredGroups groups, ProducerIds producers, DamageRegister damage, Disk disk,
    long checkpointed, bool logHasAll, IReadOnlyDictionary<BatchAddress, long> acknowledgedEnds, ILogger logger)
{
    /// <summary>
    /// The maximum lead of a committed offset that indicates lost records. A tool may commit any offset, so a larger lead is ignored.
    /// </summary>
    private const long MaxPlausibleLead = 1L << 31;

    private readonly Dictionary<PartitionLog, PartitionRecovery> _partitions = [];
    private readonly List<(LogFile File, FoundBatch Found)> _orphans = [];
    private readonly HashSet<int> _deleted = [];
    private readonly HashSet<BatchAddress> _unknown = [];
    private readonly int _topicsFrom = topics.NextNumber;

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
            Of(partition).Add(file, summary);
        }
    }

    /// <summary>Adds a batch.</summary>
    public void Replay(LogFile file, FoundBatch found, WalRecord record)
    {
        if (Find(found.Address) is { } partition)
        {
            var recovery = Of(partition);
            AddOrphans(recovery, found.Batch.BaseOffset);
            recovery.Add(file, found);
        }
        else if (record.Position >= checkpointed)
        {
            _unknown.Add(found.Address); // its topic is deleted later in the log, or its creation is lost
        }
    }

    /// <summary>Adds an intact batch whose record header is damaged; it is used once its partition is known.</summary>
    public void AddOrphan(LogFile file, FoundBatch found) => _orphans.Add((file, found));

    /// <summary>Applies a record other than a batch, unless the checkpoint contains it.</summary>
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

    /// <summary>Called for each damaged range of the log: searches for its content elsewhere.</summary>
    public void Report(WalDamage damage)
    {
        logger.LogDamaged(damage.File, damage.From, damage.To);
        SearchElsewhere();
    }

    /// <summary>Completes the recovery at the end of the log.</summary>
    /// <param name="acknowledged">Everything before this position was acknowledged; 0 when unknown.</param>
    /// <exception cref="StorageException">Files are missing without an explanation.</exception>
    public void Finish(long end, long acknowledged)
    {
        if (end < acknowledged)
        {
            logger.LogCut(end, acknowledged);
            SearchElsewhere();
        }

        damage.Refresh();
        foreach (var partition in topics.All.SelectMany(t => t.Partitions).Select(Of).ToList())
        {
            var known = KnownEnd(partition.Partition);
            AddOrphans(partition, Math.Max(known, partition.Partition.LogEnd));
            AddOrphans(partition, long.MaxValue);
            partition.Finish(known, lost => damage.IsKnown(partition.Partition.Name, lost));
        }

        foreach (var (partition, recovery) in _partitions.Where(p => p.Key.IsDeleted).ToList())
        {
            recovery.Drop();
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
    /// Fills a hole with batches whose record headers are damaged. A batch is used if its address and offset match. A batch with a damaged
    /// address is used if it fills the hole exactly and is not the next batch of the partition that its address names. When the end of the
    /// hole is unknown, only batches with a verified address are used.
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

    /// <summary>Whether this is the next batch of the partition that its address names.</summary>
    private bool IsMissing(FoundBatch found) => Find(found.Address) is { } partition && Of(partition).Expected == found.Batch.BaseOffset;

    private void SearchElsewhere()
    {
        LogDamaged = true;
        foreach (var topic in topics.RestoreTopics(_topicsFrom, _deleted))
        {
            logger.TopicRecovered(topic.Name);
        }
    }

    private long KnownEnd(PartitionLog partition)
    {
        var known = acknowledgedEnds.GetValueOrDefault(partition.Address);
        if (LogDamaged)
        {
            // A consumer group never commits an offset that was not acknowledged.
            var committed = offsets.Groups.Select(group => offsets.Find(group, partition.Name)?.Offset ?? 0).DefaultIfEmpty().Max();
            known = committed - partition.LogEnd < MaxPlausibleLead ? Math.Max(known, committed) : known;
        }

        return known;
    }
}
