using CloudTicks.Foundations.Disks;
using Microsoft.Win32.SafeHandles;

namespace CloudTicks.EventHub.Tests.Fixtures;

/// <summary>A disk that can be paused, so that a copy of its folders is consistent, as after a kill.</summary>
internal sealed class PausableDisk : Disk
{
    private readonly Lock _gate = new();

    /// <summary>Runs a function between two operations.</summary>
    public T WhilePaused<T>(Func<T> take)
    {
        lock (_gate)
        {
            return take();
        }
    }

    public override void CreateFolder(string path, UnixFileMode? mode = null)
    {
        lock (_gate)
        {
            base.CreateFolder(path, mode);
        }
    }

    public override void DeleteFolder(string path)
    {
        lock (_gate)
        {
            base.DeleteFolder(path);
        }
    }

    public override void Delete(string path)
    {
        lock (_gate)
        {
            base.Delete(path);
        }
    }

    public override void Move(string from, string to)
    {
        lock (_gate)
        {
            base.Move(from, to);
        }
    }

    protected override DiskFile Wrap(string path, SafeFileHandle handle) => new PausableFile(_gate, path, handle);

    private sealed class PausableFile(Lock gate, string path, SafeFileHandle handle) : DiskFile(path, handle)
    {
        public override void Write(long position, IReadOnlyList<ReadOnlyMemory<byte>> pieces)
        {
            lock (gate)
            {
                base.Write(position, pieces);
            }
        }

        public override void Truncate(long length)
        {
            lock (gate)
            {
                base.Truncate(length);
            }
        }
    }
}
