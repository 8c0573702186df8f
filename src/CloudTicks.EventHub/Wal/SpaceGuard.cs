using CloudTicks.Foundations;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Wal;

/// <summary>
/// Whether the log may be written. It refuses before the disk is full to the last byte: checkpoints, indexes, and what is sorted out of old
/// files need room too. Looks at most ten times a second.
/// </summary>
/// <param name="reserveBytes">Free space below which nothing is written.</param>
/// <param name="onChange">Told what is wrong, again once a minute; null when it is over.</param>
internal sealed class SpaceGuard(Disk disk, string folder, long reserveBytes, TimeProvider time, Action<string?> onChange)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);
    // Once space was short, so much more than the reserve must be free: what the hub itself writes and deletes makes it waver.
    private const int MarginShare = 4;

    private readonly OutageLog _outage = new(time);
    private long _lookedAt;
    private bool _looked;
    private bool _room = true;
    private volatile string? _problem;

    /// <summary>A write failed: only one that succeeds shows that it is over, whatever is said to be free.</summary>
    private bool _failed;

    /// <summary>What is wrong; null while all is well.</summary>
    public string? Problem => _problem;

    /// <summary>Log thread: true when entries may be written, or a write may be tried again.</summary>
    public bool HasRoom()
    {
        if (!_looked || time.GetElapsedTime(_lookedAt) >= LookEvery)
        {
            _looked = true;
            _lookedAt = time.GetTimestamp();
            var isShort = _problem is not null;
            _room = disk.FreeBytes(folder) >= (isShort ? reserveBytes + (reserveBytes / MarginShare) : reserveBytes);
            if (!_room)
            {
                Say($"less than {new ByteSize(reserveBytes)} are free");
            }
            else if (!_failed)
            {
                SayItIsOver();
            }
        }

        return _room;
    }

    /// <summary>Log thread: a write met a full disk or was not permitted.</summary>
    public void Refused(Exception failure)
    {
        (_failed, _room, _looked, _lookedAt) = (true, false, true, time.GetTimestamp());
        Say(Disk.IsFull(failure) ? "the disk is full"
            : Disk.IsOutOfFiles(failure) ? "no more files may be open (ulimit -n)"
            : $"writing is not permitted ({failure.Message.TrimEnd('.')})");
    }

    /// <summary>Log thread: a write succeeded.</summary>
    public void Wrote()
    {
        if (_failed)
        {
            _failed = false;
            SayItIsOver();
        }
    }

    private void Say(string problem)
    {
        if (_outage.Failed(out _) != OutageNotice.None)
        {
            _problem = problem;
            onChange(problem);
        }
    }

    private void SayItIsOver()
    {
        if (_outage.End(out _))
        {
            _problem = null;
            onChange(null);
        }
    }
}
