using CloudTicks.Foundations;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Wal;

/// <summary>
/// Decides whether the log may be written. It refuses before the disk is completely full, because checkpoints, indexes and records that are
/// moved out of old files need space too. It checks the disk at most ten times per second.
/// </summary>
/// <param name="reserveBytes">Minimum free space for writes.</param>
/// <param name="onChange">Receives the problem, repeated every minute; null when the problem is over.</param>
internal sealed class SpaceGuard(Disk disk, string folder, long reserveBytes, TimeProvider time, Action<string?> onChange)
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(100);
    // Hysteresis: after a shortage, more than the reserve must be free, because the event hub's own files make the free space fluctuate.
    private const int MarginDivisor = 4;

    private readonly OutageLog _outage = new(time);
    private long _checkedAt;
    private bool _isChecked;
    private bool _hasRoom = true;
    private volatile string? _problem;

    /// <summary>True after a failed write: only a successful write ends the problem, regardless of the reported free space.</summary>
    private bool _failed;

    /// <summary>The current problem; null when there is none.</summary>
    public string? Problem => _problem;

    /// <summary>Log thread: true when entries may be written, or a write may be retried.</summary>
    public bool HasRoom()
    {
        if (!_isChecked || time.GetElapsedTime(_checkedAt) >= CheckInterval)
        {
            _isChecked = true;
            _checkedAt = time.GetTimestamp();
            var isShort = _problem is not null;
            _hasRoom = disk.FreeBytes(folder) >= (isShort ? reserveBytes + (reserveBytes / MarginDivisor) : reserveBytes);
            if (!_hasRoom)
            {
                ReportProblem($"less than {new ByteSize(reserveBytes)} are free");
            }
            else if (!_failed)
            {
                ReportEnd();
            }
        }

        return _hasRoom;
    }

    /// <summary>Log thread: a write failed because of a full disk, a missing permission or the limit of open files.</summary>
    public void WriteFailed(Exception failure)
    {
        (_failed, _hasRoom, _isChecked, _checkedAt) = (true, false, true, time.GetTimestamp());
        ReportProblem(Disk.IsFull(failure) ? "the disk is full"
            : Disk.IsOutOfFiles(failure) ? "the limit of open files is reached (ulimit -n)"
            : $"writing is not permitted ({failure.Message.TrimEnd('.')})");
    }

    /// <summary>Log thread: a write succeeded.</summary>
    public void WriteSucceeded()
    {
        if (_failed)
        {
            _failed = false;
            ReportEnd();
        }
    }

    private void ReportProblem(string problem)
    {
        if (_outage.Failed(out _) != OutageNotice.None)
        {
            _problem = problem;
            onChange(problem);
        }
    }

    private void ReportEnd()
    {
        if (_outage.End(out _))
        {
            _problem = null;
            onChange(null);
        }
    }
}
