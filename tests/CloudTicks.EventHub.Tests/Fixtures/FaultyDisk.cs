using System.Collections.Concurrent;
using CloudTicks.Foundations.Disks;
using Microsoft.Win32.SafeHandles;

namespace CloudTicks.EventHub.Tests.Fixtures;

/// <summary>A disk that fills up or fails on demand.</summary>
internal sealed class FaultyDisk : Disk
{
    public volatile bool Full;
    public volatile bool ReadOnly;
    public volatile bool FlushFails;
    public ConcurrentBag<string> OpenedPaths = [];
    public Action<string> BeforeNameChange = static _ => { };
    public Action BeforeFlush = static () => { };
    public Func<string, bool> AppliesTo = static _ => true;

    private string? _fullUntil;

    /// <summary>Makes the disk full until a file with this name is deleted.</summary>
    public void FillUntilDeleted(string name)
    {
        _fullUntil = name;
        Full = true;
    }

    public override void Move(string from, string to)
    {
        BeforeNameChange(to);
        base.Move(from, to);
    }

    public override void Delete(string path)
    {
        BeforeNameChange(path);
        var exists = File.Exists(path);
        base.Delete(path);
        if (exists && System.IO.Path.GetFileName(path) == _fullUntil)
        {
            Full = false;
        }
    }

    public override long FreeBytes(string folder) => long.MaxValue;

    protected override DiskFile Wrap(string path, SafeFileHandle handle)
    {
        OpenedPaths.Add(path);
        return new FaultyFile(this, path, handle);
    }

    private sealed class FaultyFile(FaultyDisk disk, string path, SafeFileHandle handle) : DiskFile(path, handle)
    {
        public override void Write(long position, IReadOnlyList<ReadOnlyMemory<byte>> pieces)
        {
            if (disk.ReadOnly && disk.AppliesTo(Path))
            {
                throw new IOException("Read-only file system", 30);
            }

            if (disk.Full && disk.AppliesTo(Path))
            {
                // Half of the pieces are written, because a real disk may also write a part before it is full.
                base.Write(position, [.. pieces.Take((pieces.Count + 1) / 2)]);
                throw new IOException("No space left on device", 28);
            }

            base.Write(position, pieces);
        }

        public override void Flush()
        {
            disk.BeforeFlush();
            if (disk.FlushFails && disk.AppliesTo(Path))
            {
                throw new IOException("Input/output error", 5);
            }

            base.Flush();
        }
    }
}
