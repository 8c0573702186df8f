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
/// Everything durable, opened, recovered, checkpointed and closed as one. Longer than other files, because the order of these steps is
/// what it is about.
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
    private readonly Action<Exception> _onBroken;
    private readonly long _minFreeBytes;
    private readonly Lock _gate = new();
    private Task _background = Task.CompletedTask;

    /// <summary>Opens and recovers a data folder.</summary>
    /// <exception cref="StorageException">The folder cannot be used; the message says why.</exception>
    public HubStorage(
        EventHubOptions options, Disk disk, TimeProvider time, EventHubMetrics metrics, ILogger logger, Action<Exception> onBroken,
        WalSettings? sizes = null)
    {
        _disk = disk;
        _logger = logger;
        _onBroken = onBroken;
        _minFreeBytes = options.MinFreeBytes;
        var settings = sizes ?? new WalSettings { CheckpointBytes = options.CheckpointBytes, FileBytes = options.LogFileBytes };
        _memory = new TailMemory(settings.MemoryBytes);
        _folder = DataFolder.Open(options.Data, disk);
        try
        {
            Groups = new StoredGroups(Offsets);
            _files = new WalFiles(disk, _folder.LogFolder, _memory);
            _reserve = new SpaceReserve(disk, _folder.ReserveFile, settings.ReserveBytes);
            Topics = new TopicCatalog(disk, time, _folder.TopicsFolder, options.MaxPartitions)
            {
                Damaged = damage => Damage?.Damaged(damage),
            };
            Damage = new DamageRegister(disk, _folder.DamageFolder, Topics, time, metrics, logger);
            _ends = new AcknowledgedEnds(disk, _folder.AcknowledgedFile);
            _apply = new ApplyThread(Seal, () => Appended.Show(_ends.Note), _ends.Write, onBroken);
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
            var writer = new LogWriter(_files, settings, _space, _reserve, metrics, time);
            _log = new WriteAheadLog(writer, settings, _apply, _space, position =>
            {
                var checkpoint = BeginCheckpoint(position);
                return () => WriteCheckpoint(checkpoint);
            }, time, onBroken);
            ProducerIds = new ProducerIds(_log, _folder.ClusterId);
            Starts = new LogStarts(_log, logger);
            Retention = new TopicRetention(Topics, Starts, new TopicRetentionClock(time, logger.ClockSetForward), metrics, logger);
            Compaction = new TopicCompaction(options, Topics, disk, time, () => _log.RequestCheckpoint(roll: false), metrics, logger);
            Tidying = new LogReclaim(Topics, _files, _log, disk, settings.FileBytes, logger);
            DiskWatch = new DiskWatch(
                () => disk.FreeBytes(_folder.Root), options.MinFreeBytes, options.DiskWarning, time,
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

    /// <summary>Sorts out what is still wanted of log files that are mostly not, when it is told to look.</summary>
    public LogReclaim Tidying { get; }

    /// <summary>What is damaged or lost, until a person has dealt with it.</summary>
    public DamageRegister Damage { get; }

    /// <summary>How the disk stands, when it is told to look.</summary>
    public DiskWatch DiskWatch { get; }

    /// <summary>Bytes that may still be written to the disk.</summary>
    public long FreeBytes => _disk.FreeBytes(_folder.Root);

    public long TotalBytes => _disk.TotalBytes(_folder.Root);

    public WriteAheadLog Log => _log;

    public WalFiles Files => _files;

    /// <summary>Writes what is waiting, checkpoints and closes; afterwards a start reads no log.</summary>
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

    /// <summary>Makes the reserve again, when there is room.</summary>
    public void FillReserve() => _reserve.Fill(_minFreeBytes);

    private void Recover(TimeProvider time, long fileBytes)
    {
        var began = time.GetTimestamp();
        _files.Load();
        var known = AcknowledgedEnds.Read(_folder.AcknowledgedFile);
        var acknowledged = known.Position ?? 0;
        var (checkpointed, newestFile) = Snapshot.Load(_folder.SnapshotFile, Topics, Offsets, Groups, ProducerIds);
        var recovery = new Recovery(
            Topics, Offsets, Groups, ProducerIds, Damage, _disk, checkpointed, newestFile is null, known.Ends, _logger);
        var reader = new WalReader(_files, checkpointed, acknowledged)
        {
            OnIndexed = recovery.Replay,
            OnBatch = recovery.Replay,
            OnRecord = recovery.Replay,
            OnOrphan = recovery.Keep,
            OnDamage = recovery.Report,
        };
        var read = reader.Read();
        recovery.Finish(read, acknowledged);
        if (newestFile >= 0 && _files.All.All(f => f.Start != newestFile) && recovery.Lost.Any())
        {
            throw new StorageException(
                $"The log file that begins at position {newestFile} is gone from {_folder.LogFolder}, and records with it. Restore it from "
                    + "a copy.");
        }

        if (reader.TornBytes > 0 && read >= acknowledged)
        {
            _logger.TornTail(new(reader.TornBytes), read);
        }

        // What a killed hub had written and not flushed is believed now, so it must survive a power cut.
        _files.FlushLast();
        var end = Math.Max(read, acknowledged);
        var vouchedFor = NoteLost(recovery, end) ? end : checkpointed;
        _ends.Begin(end, Topics.All.SelectMany(t => t.Partitions));
        foreach (var topic in Topics.All.Where(t => !TopicFile.Exists(t)))
        {
            Topics.WriteFile(topic);
        }

        Damage.Load();
        _logger.Recovered(_folder.Root, Topics.All.Count, new(read - checkpointed), (long)time.GetElapsedTime(began).TotalMilliseconds);
        FillReserve();
        _memory.Begin(end);
        var goesOn = reader.LastFileIsWhole && vouchedFor == checkpointed && read == end && _files.All is [.., var last]
            && end >= last.Start && end - last.Start < fileBytes && last.End is null;
        if (!goesOn && _files.All is [.., { End: null } left] && left.Start < end)
        {
            left.Seal(end);
        }

        WriteIndexes();
        _files.Checkpointed(vouchedFor);
        _apply.Start();
        _log.Start(end, vouchedFor, goesOn ? _files.GoOn(end) : null);
    }

    /// <summary>
    /// Lost records are noted, and a checkpoint vouches for what was put together, before the hub takes anything new: the next start finds
    /// the damaged files behind it.
    /// </summary>
    /// <returns>True when there is a new checkpoint.</returns>
    private bool NoteLost(Recovery recovery, long end)
    {
        var lost = recovery.Lost.ToList();
        if (lost.Count == 0 && !recovery.LogDamaged)
        {
            return false;
        }

        foreach (var (partition, records) in lost)
        {
            Damage.Lost(partition.Name, records.FirstOffset, records.LastOffset);
        }

        var (content, partitions) = Snapshot.Take(BeginCheckpoint(end), Topics, Offsets, Groups, ProducerIds);
        _disk.Replace(_folder.SnapshotFile, content);
        partitions.ForEach(static partition => partition.Vouch());
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

        var newest = _files.All.LastOrDefault(file => file.Start < position)?.Start ?? -1;
        return new Checkpoint(position, newest, Topics.NextNumber, producers);
    }

    /// <summary>Apply thread: a log file takes no more; its index is written by another thread.</summary>
    private void Seal(LogFile file)
    {
        foreach (var partition in Topics.All.SelectMany(t => t.Partitions))
        {
            partition.Seal(file);
        }

        InBackground(() =>
        {
            WriteIndexes();
            _files.DeleteUnwanted();
        });
    }

    /// <summary>Apply thread, at the mark: takes the state there and leaves writing to another thread.</summary>
    private void WriteCheckpoint(Checkpoint checkpoint)
    {
        var (content, partitions) = Snapshot.Take(checkpoint, Topics, Offsets, Groups, ProducerIds);
        InBackground(() =>
        {
            FinishCheckpoint(checkpoint, content, partitions);
            _log.CheckpointEnded();
        });
    }

    /// <summary>One after the other.</summary>
    private void InBackground(Action work)
    {
        lock (_gate)
        {
            var before = _background;
            _background = Task.Run(async () =>
            {
                await before;
                work();
            });
        }
    }

    /// <summary>Replaces the snapshot, and only then lets the log's files go that nothing is wanted of.</summary>
    private void FinishCheckpoint(Checkpoint checkpoint, byte[] content, List<PartitionCheckpoint> partitions)
    {
        try
        {
            _disk.Replace(_folder.SnapshotFile, content);
            _files.Checkpointed(checkpoint.Position);
            partitions.ForEach(static partition => partition.Vouch());
            _logger.Checkpointed(checkpoint.Position);
        }
        catch (Exception e) when (Disk.IsPassing(e))
        {
            // The log keeps everything until a later checkpoint succeeds.
            _logger.CheckpointPutOff(e.Message);
        }
        catch (Exception e)
        {
            _onBroken(e);
        }

        WriteIndexes();
    }

    /// <summary>A file without an index is read whole by a start, and its index is tried again at the next checkpoint.</summary>
    private void WriteIndexes()
    {
        try
        {
            foreach (var file in _files.All.Where(f => f.End is not null && !f.IsIndexed && !f.IsDeleted))
            {
                _files.WriteIndex(file);
            }
        }
        catch (Exception e) when (Disk.IsPassing(e))
        {
            _logger.IndexPutOff(e.Message);
        }
        catch (Exception e)
        {
            _onBroken(e);
        }
    }
}
