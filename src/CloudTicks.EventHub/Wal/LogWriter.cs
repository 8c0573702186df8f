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
    private TimeSpan? _rollAge;
    private long _firstAt;

    /// <summary>The end of the log.</summary>
    public long Position { get; private set; }

    /// <param name="file">The file to go on with; null for a new one.</param>
    public void Start(long position, LogFile? file)
    {
        Position = position;
        _file = file;
        _firstAt = time.GetTimestamp();
    }

    /// <summary>Writes a group and flushes it. False, with the group undone, when the disk is full or read-only.</summary>
    /// <param name="roll">True to end the file first.</param>
    public bool TryStore(CommitGroup group, bool roll)
    {
        group.Lay(Position);
        if (!TryStore(group, roll, inReserve: false) && !TryInReserve(group, roll))
        {
            return false;
        }

        Position = group.End;
        return true;
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
        group.RefuseForSpace();
        if (group.Entries.Count == 0 || !reserve.TryGiveUp())
        {
            return false;
        }

        group.Lay(Position);
        return TryStore(group, roll, inReserve: true);
    }

    private bool TryStore(CommitGroup group, bool roll, bool inReserve)
    {
        if (!TryRoll(group, roll) || (group.Pieces.Count > 0 && !TryWrite(group, inReserve)))
        {
            group.Undo();
            return false;
        }

        return true;
    }

    private bool TryRoll(CommitGroup group, bool roll)
    {
        var isOld = _rollAge is { } age && time.GetElapsedTime(_firstAt) >= age;
        var isDue = _file is null
            ? group.Pieces.Count > 0
            : Position > _file.Start
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
        var at = Position - _file!.Start + WalFiles.HeaderBytes;
        var writer = _file.Writer!;
        try
        {
            writer.Write(at, group.Pieces);
        }
        catch (Exception e) when (Disk.IsPassing(e))
        {
            if (Disk.IsFull(e))
            {
                writer.Truncate(at);
            }

            space.Refused(e);
            return false;
        }

        var began = metrics.Now();
        writer.Flush();
        metrics.Flushed(began, group.End - group.Start);
        if (!inReserve)
        {
            space.Wrote();
        }

        group.Stored(_file);
        NoteAge(group);
        return true;
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
