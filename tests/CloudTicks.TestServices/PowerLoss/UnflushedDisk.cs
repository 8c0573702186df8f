using CloudTicks.Foundations.Disks;
using Microsoft.Win32.SafeHandles;

namespace CloudTicks.TestServices.PowerLoss;

/// <summary>A disk that never loses power and therefore skips flushes.</summary>
public sealed class UnflushedDisk : Disk
{
    public override long FreeBytes(string folder) => long.MaxValue;

    public override void FlushFolder(string path)
    {
    }

    protected override DiskFile Wrap(string path, SafeFileHandle handle) => new UnflushedFile(path, handle);

    private sealed class UnflushedFile(string path, SafeFileHandle handle) : DiskFile(path, handle)
    {
        public override void Flush()
        {
        }
    }
}
