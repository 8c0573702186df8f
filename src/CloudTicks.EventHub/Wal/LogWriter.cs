using CloudTicks.EventHub.Disks;
using CloudTicks.EventHub.Metrics;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Wal;

/// <summary>Log thread: writes groups of entries into the newest file of the log, and starts the next file when necessary.</summary>
internal sealed class LogWriter(
    WalFiles files, WalSettings settings, SpaceGuard space, SpaceReserve reserve, EventHubMetrics metrics, TimeProvider time) : IDisposable
{
    private LogFile? _file;
    private LogFile? _fullFile;
    private SlicedWrite? _sliced;
    private LogSource? _endedSource;
    private bool _hasLeftovers;
    private TimeSpan? _rollAge;
    private long _firstAt;

    /// <summary>The end of the log.</summary>
    public long Position { get; private set; }

    /// <summary>True while an entry is written in slices.</summary>
    public bool IsSlicing => _sliced is not null;

    /// <param name="file">The file to continue; null for a new one.</param>
    public void Start(long position, LogFile? file)
    {
        Position = position;
        _file = file;
        _firstAt = time.GetTimestamp();
    }

    /// <summary>Starts a large entry: every following group writes a slice of it.</summary>
    public void StartSlices(LogEntry entry) => _sliced = new SlicedWrite(entry);

    /// <summary>
    /// Writes and flushes a group; on a full disk, only its entries that free space. False, with the group undone, when nothing can be
    /// written.
    /// </summary>
    /// <param name="mustRoll">True to start a new file first.</param>
    /// <param name="sliceBytes">Maximum bytes of a slice.</param>
    public bool TryStore(CommitGroup group, bool mustRoll, int sliceBytes)
    {
        group.LayOut(Position, _sliced, sliceBytes);
        if (!TryStore(group, mustRoll, inReserve: false) && !TryStoreInReserve(group, mustRoll))
        {
            return false;
        }

        Position = group.End;
        return true;
    }

    /// <summary>Returns the source of the sliced entry that ended since the last call, written or not; null when none ended.</summary>
    public LogSource? TakeEndedSource()
    {
        var endedSource = _endedSource;
        _endedSource = null;
        return endedSource;
    }

    /// <summary>Fails the sliced entry.</summary>
    /// <param name="group">If this group already contains the entry, the caller fails it with the group.</param>
    public void FailSlices(LogFailure reason, CommitGroup? group)
    {
        if (_sliced is null)
        {
            return;
        }

        _hasLeftovers |= _sliced.WrittenBytes > 0;
        if (group?.Entries.Contains(_sliced.Entry) != true)
        {
            _sliced.Entry.Fail(reason);
        }

        EndSlices();
    }

    /// <summary>Returns the file that was completed since the last call, and its end; null when there is none.</summary>
    public (LogFile File, long End)? TakeFullFile()
    {
        var fullFile = _fullFile;
        _fullFile = null;
        return fullFile is null ? null : (fullFile, _file!.Start);
    }

    public void Dispose() => _file?.Close();

    /// <summary>
    /// After a failed write: refuses the entries that free no space, and writes the others into the space of the reserve.
    /// </summary>
    private bool TryStoreInReserve(CommitGroup group, bool mustRoll)
    {
        FailSlices(LogFailure.DiskFull, group);
        group.RefuseForSpace();
        if (group.Entries.Count == 0 || !reserve.TryRelease())
        {
            return false;
        }

        group.LayOut(Position, sliced: null, 0);
        return TryStore(group, mustRoll, inReserve: true);
    }

    private bool TryStore(CommitGroup group, bool mustRoll, bool inReserve)
    {
        _hasLeftovers |= group.DropsSlices;
        if (!TryRoll(group, mustRoll) || ((group.Pieces.Count > 0 || group.DropsSlices) && !TryWrite(group, inReserve)))
        {
            group.Undo();
            return false;
        }

        if (group.Sliced is { } sliced)
        {
            sliced.WrittenBytes += group.SliceBytes;
        }
        else
        {
            EndSlices();
        }

        return true;
    }

    private bool TryRoll(CommitGroup group, bool mustRoll)
    {
        var isOld = _rollAge is { } age && time.GetElapsedTime(_firstAt) >= age;
        var isDue = _file is null
            ? group.Pieces.Count > 0
            : Position > _file.Start && _sliced is null or { WrittenBytes: 0 }
                && (mustRoll || (group.Pieces.Count > 0 && (isOld || Position - _file.Start >= settings.FileBytes)));
        if (!isDue)
        {
            return true;
        }

        try
        {
            var next = files.Create(Position);
            _file?.Close();
            (_fullFile, _file, _rollAge) = (_file, next, null);
            return true;
        }
        catch (Exception e) when (Disk.IsTransient(e))
        {
            space.WriteFailed(e);
            return false;
        }
    }

    /// <summary>Returns false when the disk accepts no more data; the end of the log is then unchanged.</summary>
    private bool TryWrite(CommitGroup group, bool inReserve)
    {
        var file = _file!;
        var writer = file.Writer!;
        try
        {
            if (_hasLeftovers)
            {
                writer.Truncate(At(Position));
                _hasLeftovers = false;
            }

            foreach (var (position, pieces) in group.Runs)
            {
                writer.Write(At(position), pieces);
            }
        }
        catch (Exception e) when (Disk.IsTransient(e))
        {
            if (Disk.IsFull(e))
            {
                writer.Truncate(At(Position));
            }

            space.WriteFailed(e);
            return false;
        }

        var startedAt = metrics.Now();
        writer.Flush();
        metrics.Flushed(startedAt, group.Bytes);
        if (!inReserve)
        {
            space.WriteSucceeded();
        }

        group.OnStored(file);
        UpdateRollAge(group);
        return true;

        long At(long position) => position - file.Start + WalFiles.HeaderBytes;
    }

    private void EndSlices()
    {
        _endedSource = _sliced?.Entry.Source ?? _endedSource;
        _sliced = null;
    }

    private void UpdateRollAge(CommitGroup group)
    {
        foreach (var entry in group.Entries)
        {
            if (entry.RollAge is { } age && !(age >= _rollAge))
            {
                _firstAt = _rollAge is null ? time.GetTimestamp() : _firstAt;
                _rollAge = age;
            }
        }
    }
}
