using CloudTicks.Foundations.Disks;
using Microsoft.Win32.SafeHandles;

namespace CloudTicks.Collection.Tests.Spool;

/// <summary>A disk that fails, or takes its time, as a test says.</summary>
internal sealed class ScriptedDisk : Disk
{
    public volatile bool FailsToFlush;
    public volatile bool FailsToCut;

    /// <summary>Called when a flush is done, before it returns.</summary>
    public Action? AfterFlush { get; set; }

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
            if (disk.FailsToCut)
            {
                throw new IOException("Input/output error");
            }

            base.Truncate(length);
        }
    }
}
