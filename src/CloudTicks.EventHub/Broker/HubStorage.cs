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

/// <summary>
/// Owns all durable state: opens, recovers, checkpoints and closes it. The file is longer than others because the order of these steps
/// matters.
/// </summary>
internal sealed class HubStorage : IAsyncDisposable
{
    private readonly DataFolder _folder;
    private readonly Disk _disk;
    private readonly WalFiles _files;
    private readonly ApplyThread _apply;
    private readonly AcknowledgedEnds _ends;
    private readonly SpaceGuard _space;
    private readonly SpaceReserve _reserve;
    private readonly TailMemory _memory;
    private readonly WriteAheadLog _log;
    private readonly ILogger _logger;
    private readonly Action<Exception> _onFailed;
    private readonly long _minFreeBytes;
    private readonly Lock _gate = new();
    private Task _background = Task.CompletedTask;

    /// <summary>Opens and recovers a data folder.</summary>
    /// <exception cref="StorageException">The folder cannot be used; the message says why.</exception>
    public HubStorage(
        EventHubOptions options, Disk disk, TimeProvider time, EventHubMetrics metrics, ILogger logger, Action<Exception> onFailed,
        WalSettings? walSettings = null)
    {
        _disk = disk;
        _logger = logger;
        _onFailed = onFailed;
        _minFreeBytes = options.MinFreeBytes;
        var settings = walSettings ?? new WalSettings { CheckpointBytes = options.CheckpointBytes, FileBytes = options.LogFileBytes };
        _memory = new TailMemory(settings.MemoryBytes);
        _folder = DataFolder.Open(options.Data, disk);
        try
        {
            Groups = new StoredGroups(Offsets);
            _files = new WalFiles(disk, _folder.LogFolder, _memory);
            _reserve = new SpaceReserve(disk, _folder.ReserveFile, settings.ReserveBytes);
            Topics = new TopicCatalog(disk, time, _folder.TopicsFolder, options.MaxPartitions)
            {
                Damaged = damage => Damage?.AddDamaged(damage),
            };
            Damage = new DamageRegister(disk, _folder.DamageFolder, Topics, time, metrics, logger);
            _ends = new AcknowledgedEnds(disk, _folder.AcknowledgedFile);
            _apply = new ApplyThread(Seal, () => Appended.Publish(_ends.MarkChanged), _ends.Write, onFailed);
            _space = new SpaceGuard(disk, _folder.Root, options.MinFreeBytes, time, problem =>
            {
                if (problem is null)
                {
                    _logger.DiskAcceptsWrites(_folder.Root);
                }
                else
                {
                    _logger.DiskRefusesWrites(_folder.Root, problem);
                }
            });
            var writer = new LogWriter(_files, settings, _space, _reserve, metrics, time);
            _log = new WriteAheadLog(writer, settings, _apply, _space, position =>
            {
                var checkpoint = StartCheckpoint(position);
                return () => WriteCheckpoint(checkpoint);
            }, time, onFailed);
            ProducerIds = new ProducerIds(_log, _folder.ClusterId);
            Starts = new LogStarts(_log, logger);
            Retention = new TopicRetention(Topics, Starts, new TopicRetentionClock(time, logger.ClockSetForward), metrics, logger);
            Compaction = new TopicCompaction(options, Topics, disk, time, () => _log.RequestCheckpoint(roll: false), metrics, logger);
            Reclaim = new LogReclaim(Topics, _files, _log, disk, settings.FileBytes, logger);
            DiskWatch = new DiskWatch(
                () => disk.FreeBytes(_folder.Root), options.MinFreeBytes, options.DiskWarning, time,
                (forecast, fillsUp) =>
                {
                    if (fillsUp)
                    {
                        _logger.DiskFillsUp(_folder.Root, forecast.Description);
                    }
                    else
                    {
                        _logger.DiskHasRoom(_folder.Root, new(forecast.FreeBytes));
                    }
                });
            Recover(time, settings.FileBytes);
        }
        catch
        {
            _folder.Dispose();
            throw;
        }
    }

    public Guid ClusterId => _folder.ClusterId;

    public string Root => _folder.Root;

    /// <summary>The reason why producers get a retriable error; null while the event hub accepts writes.</summary>
    public string? WriteProblem => _space.Problem;

    public TopicCatalog Topics { get; }

    public CommittedOffsets Offsets { get; } = new();

    public StoredGroups Groups { get; }

    public ProducerIds ProducerIds { get; }

    /// <summary>Apply thread: the partitions that the current write of the log appends to.</summary>
    public ApplyRound Appended { get; } = new();

    public LogStarts Starts { get; }

    /// <summary>Deletes expired records; the upkeep runs it periodically.</summary>
    public TopicRetention Retention { get; }

    /// <summary>Removes superseded records from compacted topics; the compaction loop runs it periodically.</summary>
    public TopicCompaction Compaction { get; }

    /// <summary>Frees log files that are mostly unused; the upkeep runs it periodically.</summary>
    public LogReclaim Reclaim { get; }

    /// <summary>The register of damaged and lost records.</summary>
    public DamageRegister Damage { get; }

    /// <summary>The state of the disk at the last check.</summary>
    public DiskWatch DiskWatch { get; }

    /// <summary>Free bytes on the disk.</summary>
    public long FreeBytes => _disk.FreeBytes(_folder.Root);

    public long TotalBytes => _disk.TotalBytes(_folder.Root);

    public WriteAheadLog Log => _log;

    public WalFiles Files => _files;

    /// <summary>Writes queued entries, takes a checkpoint and closes. The next start then finds no records after the checkpoint.</summary>
    public async ValueTask DisposeAsync()
    {
        _log.Stop();
        _apply.Stop();
        await _background;
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

    /// <summary>Creates the space reserve again when the disk has room.</summary>
    public void FillReserve() => _reserve.Fill(_minFreeBytes);

    private void Recover(TimeProvider time, long fileBytes)
    {
        var startedAt = time.GetTimestamp();
        _files.Load();
        var acknowledgedEnds = AcknowledgedEnds.Read(_folder.AcknowledgedFile);
        var acknowledged = acknowledgedEnds.Position ?? 0;
        var (checkpointed, newestFile) = Snapshot.Load(_folder.SnapshotFile, Topics, Offsets, Groups, ProducerIds);
        var recovery = new Recovery(
            Topics, Offsets, Groups, ProducerIds, Damage, _disk, checkpointed, newestFile is null, acknowledgedEnds.Ends, _logger);
        var reader = new WalReader(_files, checkpointed, acknowledged)
        {
            OnIndexed = recovery.Replay,
            OnBatch = recovery.Replay,
            OnRecord = recovery.Replay,
            OnOrphan = recovery.AddOrphan,
            OnDamage = recovery.Report,
        };
        var read = reader.Read();
        recovery.Finish(read, acknowledged);
        if (newestFile >= 0 && _files.All.All(f => f.Start != newestFile) && recovery.Lost.Any())
        {
            throw new StorageException(
                $"The log file that begins at position {newestFile} is missing in {_folder.LogFolder}, with its records. Restore it from "
                    + "a backup.");
        }

        if (reader.TornBytes > 0 && read >= acknowledged)
        {
            _logger.TornTail(new(reader.TornBytes), read);
        }

        // Records that a killed event hub wrote but did not flush now count as acknowledged, so they must survive a power cut.
        _files.FlushLast();
        var end = Math.Max(read, acknowledged);
        var checkpointedTo = RegisterLost(recovery, end) ? end : checkpointed;
        _ends.Create(end, Topics.All.SelectMany(t => t.Partitions));
        foreach (var topic in Topics.All.Where(t => !TopicFile.IsIntact(t)))
        {
            Topics.WriteFile(topic);
        }

        Damage.Load();
        _logger.Recovered(_folder.Root, Topics.All.Count, new(read - checkpointed), (long)time.GetElapsedTime(startedAt).TotalMilliseconds);
        FillReserve();
        _memory.Begin(end);
        var continuesLastFile = reader.LastFileIsIntact && checkpointedTo == checkpointed && read == end && _files.All is [.., var last]
            && end >= last.Start && end - last.Start < fileBytes && last.End is null;
        if (!continuesLastFile && _files.All is [.., { End: null } incomplete] && incomplete.Start < end)
        {
            incomplete.Seal(end);
        }

        WriteIndexes();
        _files.Checkpointed(checkpointedTo);
        _apply.Start();
        _log.Start(end, checkpointedTo, continuesLastFile ? _files.ContinueLast(end) : null);
    }

    /// <summary>
    /// When records are lost or the log is damaged: registers the lost records and takes a checkpoint of the recovered state before new
    /// records are accepted, so that the next start skips the damaged files.
    /// </summary>
    /// <returns>True when it took a checkpoint.</returns>
    private bool RegisterLost(Recovery recovery, long end)
    {
        var lost = recovery.Lost.ToList();
        if (lost.Count == 0 && !recovery.LogDamaged)
        {
            return false;
        }

        foreach (var (partition, records) in lost)
        {
            Damage.AddLost(partition.Name, records.FirstOffset, records.LastOffset);
        }

        var (content, partitions) = Snapshot.Take(StartCheckpoint(end), Topics, Offsets, Groups, ProducerIds);
        _disk.Replace(_folder.SnapshotFile, content);
        partitions.ForEach(static partition => partition.MarkCheckpointed());
        return true;
    }

    /// <summary>Log thread, between two writes: starts a checkpoint at the given position.</summary>
    private Checkpoint StartCheckpoint(long position)
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

        var newestFileStart = _files.All.LastOrDefault(file => file.Start < position)?.Start ?? -1;
        return new Checkpoint(position, newestFileStart, Topics.NextNumber, producers);
    }

    /// <summary>Apply thread: a log file is complete; a background task writes its index.</summary>
    private void Seal(LogFile file)
    {
        foreach (var partition in Topics.All.SelectMany(t => t.Partitions))
        {
            partition.Seal(file);
        }

        RunInBackground(() =>
        {
            WriteIndexes();
            _files.DeleteUnused();
        });
    }

    /// <summary>Apply thread, at the checkpoint's position: copies the state; a background task writes it.</summary>
    private void WriteCheckpoint(Checkpoint checkpoint)
    {
        var (content, partitions) = Snapshot.Take(checkpoint, Topics, Offsets, Groups, ProducerIds);
        RunInBackground(() =>
        {
            FinishCheckpoint(checkpoint, content, partitions);
            _log.CheckpointEnded();
        });
    }

    /// <summary>Runs work in the background, after all earlier background work.</summary>
    private void RunInBackground(Action work)
    {
        lock (_gate)
        {
            var previousWork = _background;
            _background = Task.Run(async () =>
            {
                await previousWork;
                work();
            });
        }
    }

    /// <summary>Replaces the snapshot, then deletes log files that are no longer needed.</summary>
    private void FinishCheckpoint(Checkpoint checkpoint, byte[] content, List<PartitionCheckpoint> partitions)
    {
        try
        {
            _disk.Replace(_folder.SnapshotFile, content);
            _files.Checkpointed(checkpoint.Position);
            partitions.ForEach(static partition => partition.MarkCheckpointed());
            _logger.Checkpointed(checkpoint.Position);
        }
        catch (Exception e) when (Disk.IsTransient(e))
        {
            // The log keeps everything until a later checkpoint succeeds.
            _logger.CheckpointPostponed(e.Message);
        }
        catch (Exception e)
        {
            _onFailed(e);
        }

        WriteIndexes();
    }

    /// <summary>
    /// Writes the missing indexes of complete log files. A failed write is retried when the next checkpoint or log file is complete; until
    /// then, a restart reads the whole log file.
    /// </summary>
    private void WriteIndexes()
    {
        try
        {
            foreach (var file in _files.All.Where(f => f.End is not null && !f.IsIndexed && !f.IsDeleted))
            {
                _files.WriteIndex(file);
            }
        }
        catch (Exception e) when (Disk.IsTransient(e))
        {
            _logger.IndexPostponed(e.Message);
        }
        catch (Exception e)
        {
            _onFailed(e);
        }
    }
}
