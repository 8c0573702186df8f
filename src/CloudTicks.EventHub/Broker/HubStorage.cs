using CloudTicks.EventHub.Compaction;
using CloudTicks.EventHub.Disks;
using CloudTicks.EventHub.Groups;
using CloudTicks.EventHub.Metrics;
using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Settings;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wal;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Broker;

/// <summary>Everything durable, opened, recovered, checkpointed and closed as one.</summary>
internal sealed class HubStorage : IAsyncDisposable
{
    private readonly DataFolder _folder;
    private readonly Disk _disk;
    private readonly WalFiles _files;
    private readonly ApplyThread _apply;
    private readonly AcknowledgedEnds _ends;
    private readonly SpaceGuard _space;
    private readonly WriteAheadLog _log;
    private readonly ILogger _logger;
    private readonly Action<Exception> _onBroken;
    private readonly List<PartitionCheckpoint> _unflushed = [];
    private Task _checkpoint = Task.CompletedTask;

    /// <summary>Opens and recovers a data folder.</summary>
    /// <exception cref="StorageException">The folder cannot be used; the message says why.</exception>
    public HubStorage(
        EventHubOptions options, Disk disk, TimeProvider time, EventHubMetrics metrics, ILogger logger, Action<Exception> onBroken,
        WalSettings? sizes = null)
    {
        _disk = disk;
        _logger = logger;
        _onBroken = onBroken;
        _folder = DataFolder.Open(options.Data, disk);
        try
        {
            Groups = new StoredGroups(Offsets);
            _files = new WalFiles(disk, _folder.LogFolder);
            Topics = new TopicCatalog(disk, time, _folder.TopicsFolder, options.MaxPartitions)
            {
                Damaged = damage => Damage?.Damaged(damage),
            };
            Damage = new DamageRegister(disk, _folder.DamageFolder, Topics, time, metrics, logger);
            _ends = new AcknowledgedEnds(disk, _folder.AcknowledgedFile);
            _apply = new ApplyThread(() => Appended.Write(_ends.Note), _ends.Write, onBroken);
            _space = new SpaceGuard(disk, _folder.Root, options.MinFreeBytes, time, problem =>
            {
                if (problem is null)
                {
                    _logger.DiskTakesWrites(_folder.Root);
                }
                else
                {
                    _logger.DiskRefusesWrites(_folder.Root, problem);
                }
            });
            var settings = sizes ?? new WalSettings { CheckpointBytes = options.CheckpointBytes };
            _log = new WriteAheadLog(_files, settings, _apply, _space, position =>
            {
                var checkpoint = BeginCheckpoint(position);
                return () => WriteCheckpoint(checkpoint);
            }, metrics, time, onBroken);
            ProducerIds = new ProducerIds(_log, _folder.ClusterId);
            Starts = new LogStarts(_log, logger);
            Retention = new TopicRetention(Topics, Starts, new TopicRetentionClock(time, logger.ClockSetForward), metrics, logger);
            Compaction = new TopicCompaction(options, Topics, disk, time, _log.RequestCheckpoint, metrics, logger);
            DiskWatch = new DiskWatch(
                () => disk.FreeBytes(_folder.Root), () => _files.Bytes, options.MinFreeBytes, options.DiskWarning, time,
                (forecast, fillsUp) =>
                {
                    if (fillsUp)
                    {
                        _logger.DiskFillsUp(_folder.Root, forecast.Sentence);
                    }
                    else
                    {
                        _logger.DiskHasRoom(_folder.Root, new(forecast.FreeBytes));
                    }
                });
            Recover(time);
        }
        catch
        {
            _folder.Dispose();
            throw;
        }
    }

    public Guid ClusterId => _folder.ClusterId;

    public string Root => _folder.Root;

    /// <summary>Why producers are told to try again; null while they are not.</summary>
    public string? WriteProblem => _space.Problem;

    public TopicCatalog Topics { get; }

    public CommittedOffsets Offsets { get; } = new();

    public StoredGroups Groups { get; }

    public ProducerIds ProducerIds { get; }

    /// <summary>Apply thread: the partitions that a write of the log appends to.</summary>
    public ApplyRound Appended { get; } = new();

    public LogStarts Starts { get; }

    /// <summary>Deletes what topics do not keep any longer, when it is told to look.</summary>
    public TopicRetention Retention { get; }

    /// <summary>Takes out of compacted topics what newer records have replaced, when it is told to look.</summary>
    public TopicCompaction Compaction { get; }

    /// <summary>What is damaged or lost, until a person has dealt with it.</summary>
    public DamageRegister Damage { get; }

    /// <summary>How the disk stands, when it is told to look.</summary>
    public DiskWatch DiskWatch { get; }

    /// <summary>Bytes that may still be written to the disk.</summary>
    public long FreeBytes => _disk.FreeBytes(_folder.Root);

    public long TotalBytes => _disk.TotalBytes(_folder.Root);

    public WriteAheadLog Log => _log;

    /// <summary>Writes what is waiting, checkpoints and closes; afterwards a start reads no log.</summary>
    public async ValueTask DisposeAsync()
    {
        _apply.BeginStop();
        _log.Stop();
        _apply.Stop();
        await _checkpoint;
        _log.Dispose();
        _apply.Dispose();
        _ends.Dispose();
        foreach (var partition in Topics.All.SelectMany(t => t.Partitions))
        {
            partition.Dispose();
        }

        ProducerIds.Dispose();
        _folder.Dispose();
    }

    private void Recover(TimeProvider time)
    {
        var began = time.GetTimestamp();
        _files.Load();
        var known = AcknowledgedEnds.Read(_folder.AcknowledgedFile);
        var acknowledged = known.Position ?? 0;
        var checkpointed = Snapshot.Load(_folder.SnapshotFile, Topics, Offsets, Groups, ProducerIds);
        var recovery = new Recovery(Topics, Offsets, Groups, ProducerIds, _disk, checkpointed, known.Ends, _logger);
        new WalReader(_files, checkpointed, acknowledged, recovery.NoteCopy, static _ => { }, static () => { }).Read(before: checkpointed);
        var reader = new WalReader(_files, checkpointed, acknowledged, recovery.Replay, recovery.Report, recovery.WriteBatches);
        var read = reader.Read();
        recovery.Finish(read, acknowledged);
        if (reader.TornBytes > 0 && read >= acknowledged)
        {
            _logger.TornTail(new(reader.TornBytes), read);
        }

        // What a killed hub had written and not flushed is believed now, so it must survive a power cut.
        _files.FlushLast();
        var end = Math.Max(read, acknowledged);
        var vouchedFor = NoteLost(recovery, end) ? end : checkpointed;
        recovery.DeleteSalvage();
        _ends.Begin(end, Topics.All.SelectMany(t => t.Partitions));
        foreach (var topic in Topics.All.Where(t => !TopicFile.Exists(t)))
        {
            Topics.WriteFile(topic);
        }

        Damage.Load();
        _logger.Recovered(_folder.Root, Topics.All.Count, new(read - checkpointed), (long)time.GetElapsedTime(began).TotalMilliseconds);
        _apply.Start();
        _log.Start(end, vouchedFor);
    }

    /// <summary>Notes lost records and checkpoints what came from the segments, before anything new is taken and the log goes.</summary>
    private bool NoteLost(Recovery recovery, long end)
    {
        var lost = recovery.Lost.ToList();
        if (lost.Count == 0 && !recovery.LogDamaged)
        {
            return false;
        }

        Damage.Refresh();
        foreach (var (partition, records) in lost)
        {
            Damage.Lost(partition.Name, records.FirstOffset, records.LastOffset);
        }

        var (content, partitions) = Snapshot.Take(BeginCheckpoint(end), Topics, Offsets, Groups, ProducerIds);
        foreach (var partition in partitions)
        {
            partition.Flush(_disk);
        }

        _disk.Replace(_folder.SnapshotFile, content);
        partitions.ForEach(static partition => partition.Vouch());
        _files.SetAside(_folder.DamageFolder, end);
        return true;
    }

    /// <summary>Log thread, between two writes.</summary>
    private Checkpoint BeginCheckpoint(long position)
    {
        var producers = new Dictionary<PartitionLog, KeyValuePair<long, ProducerState>[]>();
        foreach (var partition in Topics.InLog.SelectMany(t => t.Partitions))
        {
            partition.Producers.Trim();
            if (partition.Producers.All.Count > 0)
            {
                producers.Add(partition, [.. partition.Producers.All]);
            }
        }

        return new Checkpoint(position, Topics.NextNumber, producers);
    }

    /// <summary>Apply thread, at the mark: takes the state there and leaves flushing and writing to another thread.</summary>
    private void WriteCheckpoint(Checkpoint checkpoint)
    {
        var (content, partitions) = Snapshot.Take(checkpoint, Topics, Offsets, Groups, ProducerIds);
        var before = _checkpoint;
        _checkpoint = Task.Run(async () =>
        {
            await before;
            FinishCheckpoint(checkpoint, content, partitions);
            _log.CheckpointEnded();
        });
    }

    /// <summary>One checkpoint at a time: flushes, replaces the snapshot, and only then lets the log's files go.</summary>
    private void FinishCheckpoint(Checkpoint checkpoint, byte[] content, List<PartitionCheckpoint> partitions)
    {
        _unflushed.AddRange(partitions);
        try
        {
            foreach (var partition in _unflushed)
            {
                partition.Flush(_disk);
            }

            _disk.Replace(_folder.SnapshotFile, content);
            _files.DeleteBefore(checkpoint.Position);
            _unflushed.ForEach(static partition => partition.Vouch());
            _unflushed.Clear();
            _logger.Checkpointed(checkpoint.Position);
        }
        catch (Exception e) when (Disk.IsPassing(e))
        {
            // The log keeps everything until a later checkpoint succeeds, which flushes these segments too.
            _logger.CheckpointPutOff(e.Message);
        }
        catch (Exception e)
        {
            // Segments that cannot be flushed may miss what was acknowledged once the log's files go.
            _onBroken(e);
        }
    }
}
