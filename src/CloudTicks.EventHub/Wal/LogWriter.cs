using CloudTicks.EventHub.Disks;
using CloudTicks.EventHub.Metrics;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Wal;

/// <summary>Log thread: writes groups of entries into the newest file of the log, and begins the next one when it is time.</summary>
internal sealed class LogWriter(
    WalFiles files, WalSettings settings, SpaceGuard space, SpaceReserve reserve, EventHubMetrics metrics, TimeProvider time) : IDisposable
{
    private LogFile? _file;
    private LogFile? _full;
    private SlicedWrite? _sliced;
    private LogSource? _ended;
    private bool _hasScraps;
    private TimeSpan? _rollAge;
    private long _firstAt;

    /// <summary>The end of the log.</summary>
    public long Position { get; private set; }

    /// <summary>True while an entry is written in slices.</summary>
    public bool IsSlicing => _sliced is not null;

    /// <param name="file">The file to go on with; null for a new one.</param>
    public void Start(long position, LogFile? file)
    {
        Position = position;
        _file = file;
        _firstAt = time.GetTimestamp();
    }

    /// <summary>From now on each group that is stored takes a slice of an entry with it.</summary>
    public void BeginSlices(LogEntry entry) => _sliced = new SlicedWrite(entry);

    /// <summary>Writes a group and flushes it. False, with the group undone, when the disk is full or read-only.</summary>
    /// <param name="roll">True to end the file first.</param>
    /// <param name="sliceBytes">The largest slice of an entry that is written in slices.</param>
    public bool TryStore(CommitGroup group, bool roll, int sliceBytes)
    {
        group.Lay(Position, _sliced, sliceBytes);
        if (!TryStore(group, roll, inReserve: false) && !TryInReserve(group, roll))
        {
            return false;
        }

        Position = group.End;
        return true;
    }

    /// <summary>The source of an entry that was written in slices, or was not, once it is over.</summary>
    public LogSource? TakeEnded()
    {
        var ended = _ended;
        _ended = null;
        return ended;
    }

    /// <summary>The entry that is written in slices did not happen.</summary>
    /// <param name="group">It was in this one already, and is answered with it.</param>
    public void FailSlices(LogFailure reason, CommitGroup? group)
    {
        if (_sliced is null)
        {
            return;
        }

        _hasScraps |= _sliced.Done > 0;
        if (group?.Entries.Contains(_sliced.Entry) != true)
        {
            _sliced.Entry.Fail(reason);
        }

        EndSlices();
    }

    /// <summary>The file that took no more, and where it ends, once.</summary>
    public (LogFile File, long End)? TakeFull()
    {
        var full = _full;
        _full = null;
        return full is null ? null : (full, _file!.Start);
    }

    public void Dispose() => _file?.Close();

    /// <summary>What makes room is written although there is none.</summary>
    private bool TryInReserve(CommitGroup group, bool roll)
    {
        FailSlices(LogFailure.DiskFull, group);
        group.RefuseForSpace();
        if (group.Entries.Count == 0 || !reserve.TryGiveUp())
        {
            return false;
        }

        group.Lay(Position, sliced: null, 0);
        return TryStore(group, roll, inReserve: true);
    }

    private bool TryStore(CommitGroup group, bool roll, bool inReserve)
    {
        _hasScraps |= group.AbandonsSlices;
        if (!TryRoll(group, roll) || ((group.Pieces.Count > 0 || group.AbandonsSlices) && !TryWrite(group, inReserve)))
        {
            group.Undo();
            return false;
        }

        if (group.Sliced is { } sliced)
        {
            sliced.Done += group.SliceBytes;
        }
        else
        {
            EndSlices();
        }

        return true;
    }

    private bool TryRoll(CommitGroup group, bool roll)
    {
        var isOld = _rollAge is { } age && time.GetElapsedTime(_firstAt) >= age;
        var isDue = _file is null
            ? group.Pieces.Count > 0
            : Position > _file.Start && _sliced is null or { Done: 0 }
                && (roll || (group.Pieces.Count > 0 && (isOld || Position - _file.Start >= settings.FileBytes)));
        if (!isDue)
        {
            return true;
        }

        try
        {
            var next = files.Create(Position);
            _file?.Close();
            (_full, _file, _rollAge) = (_file, next, null);
            return true;
        }
        catch (Exception e) when (Disk.IsPassing(e))
        {
            space.Refused(e);
            return false;
        }
    }

    /// <summary>False when the disk takes no more; the log then ends where it ended before.</summary>
    private bool TryWrite(CommitGroup group, bool inReserve)
    {
        var file = _file!;
        var writer = file.Writer!;
        try
        {
            if (_hasScraps)
            {
                writer.Truncate(At(Position));
                _hasScraps = false;
            }

            foreach (var (position, pieces) in group.Runs)
            {
                writer.Write(At(position), pieces);
            }
        }
        catch (Exception e) when (Disk.IsPassing(e))
        {
            if (Disk.IsFull(e))
            {
                writer.Truncate(At(Position));
            }

            space.Refused(e);
            return false;
        }

        var began = metrics.Now();
        writer.Flush();
        metrics.Flushed(began, group.Bytes);
        if (!inReserve)
        {
            space.Wrote();
        }

        group.Stored(file);
        NoteAge(group);
        return true;

        long At(long position) => position - file.Start + WalFiles.HeaderBytes;
    }

    private void EndSlices()
    {
        _ended = _sliced?.Entry.Source ?? _ended;
        _sliced = null;
    }

    private void NoteAge(CommitGroup group)
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
