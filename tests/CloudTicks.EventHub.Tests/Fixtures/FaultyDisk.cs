using System.Collections.Concurrent;
using CloudTicks.Foundations.Disks;
using Microsoft.Win32.SafeHandles;

namespace CloudTicks.EventHub.Tests.Fixtures;

/// <summary>A disk that fills up or fails when a test says so.</summary>
internal sealed class FaultyDisk : Disk
{
    public volatile bool Full;
    public volatile bool ReadOnly;
    public volatile bool FlushFails;
    public ConcurrentBag<string> Opened = [];
    public Action<string> BeforeNames = static _ => { };
    public Action BeforeFlush = static () => { };
    public Func<string, bool> Concerns = static _ => true;

    private string? _fullUntil;

    /// <summary>No byte is free until a file of this name is deleted.</summary>
    public void FullUntilDeleted(string name)
    {
        _fullUntil = name;
        Full = true;
    }

    public override void Move(string from, string to)
    {
        BeforeNames(to);
        base.Move(from, to);
    }

    public override void Delete(string path)
    {
        BeforeNames(path);
        var isThere = File.Exists(path);
        base.Delete(path);
        if (isThere && System.IO.Path.GetFileName(path) == _fullUntil)
        {
            Full = false;
        }
    }

    public override long FreeBytes(string folder) => long.MaxValue;

    protected override DiskFile Wrap(string path, SafeFileHandle handle)
    {
        Opened.Add(path);
        return new FaultyFile(this, path, handle);
    }

    private sealed class FaultyFile(FaultyDisk disk, string path, SafeFileHandle handle) : DiskFile(path, handle)
    {
        public override void Write(long position, IReadOnlyList<ReadOnlyMemory<byte>> pieces)
        {
            if (disk.ReadOnly && disk.Concerns(Path))
            {
                throw new IOException("Read-only file system", 30);
            }

            if (disk.Full && disk.Concerns(Path))
            {
                // Half of it gets in, as on a real disk.
                base.Write(position, [.. pieces.Take((pieces.Count + 1) / 2)]);
                throw new IOException("No space left on device", 28);
            }

            base.Write(position, pieces);
        }

        public override void Flush()
        {
            disk.BeforeFlush();
            if (disk.FlushFails && disk.Concerns(Path))
            {
                throw new IOException("Input/output error", 5);
            }

            base.Flush();
        }
    }
}
