using CloudTicks.Foundations.Disks;
using Microsoft.Win32.SafeHandles;

namespace CloudTicks.Collection.Tests.Spool;

/// <summary>A disk whose failures the test controls.</summary>
internal sealed class ScriptedDisk : Disk
{
    private const long Size = 1L << 40;

    public volatile bool FailsToFlush;
    public volatile bool FailsToTruncate;

    private long _free = Size;

    /// <summary>The number of free bytes that the disk reports.</summary>
    public long Free
    {
        get => Interlocked.Read(ref _free);
        set => Interlocked.Exchange(ref _free, value);
    }

    /// <summary>Called after each flush, before it returns.</summary>
    public Action? AfterFlush { get; set; }

    public override long FreeBytes(string folder) => Free;

    public override long TotalBytes(string folder) => Size;

    protected override DiskFile Wrap(string path, SafeFileHandle handle) => new ScriptedFile(this, path, handle);

    private sealed class ScriptedFile(ScriptedDisk disk, string path, SafeFileHandle handle) : DiskFile(path, handle)
    {
        public override void Flush()
        {
            if (disk.FailsToFlush)
            {
                throw new IOException("Input/output error");
            }

            base.Flush();
            disk.AfterFlush?.Invoke();
        }

        public override void Truncate(long length)
        {
            if (disk.FailsToTruncate)
            {
                throw new IOException("Input/output error");
            }

            base.Truncate(length);
        }
    }
}
