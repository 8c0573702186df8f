using CloudTicks.EventHub.Storage;

namespace CloudTicks.EventHub.Wal;

/// <summary>
/// Refuses to write before the disk is full to the last byte: segments are still to be filled from what the log has taken, and
/// checkpoints need room too. Looks at most ten times a second.
/// </summary>
internal sealed class SpaceGuard(Disk disk, string folder, long reserveBytes, TimeProvider time, Action<bool> onChange)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);
    private long _lookedAt;
    private bool _looked;
    private bool _room = true;

    /// <summary>Log thread: true when entries may be written.</summary>
    public bool HasRoom()
    {
        if (!_looked || time.GetElapsedTime(_lookedAt) >= LookEvery)
        {
            _looked = true;
            _lookedAt = time.GetTimestamp();
            Set(disk.FreeBytes(folder) >= reserveBytes);
        }

        return _room;
    }

    /// <summary>Log thread: a write met a full disk.</summary>
    public void RanOut()
    {
        _looked = true;
        _lookedAt = time.GetTimestamp();
        Set(false);
    }

    private void Set(bool room)
    {
        if (room != _room)
        {
            _room = room;
            onChange(room);
        }
    }
}
