using CloudTicks.Collection.Storage;
using Microsoft.Win32.SafeHandles;

namespace CloudTicks.Collection.Spool;

/// <summary>All that changes in the spool's folder goes through here; the one place that a test replaces to make a disk fail.</summary>
internal class SpoolDisk
{
    /// <summary>Makes a file that is not there.</summary>
    public virtual SafeFileHandle Create(string path) => File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Opens a file, making it when it is not there.</summary>
    public virtual SafeFileHandle Open(string path) => File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Opens a file for reading.</summary>
    public static SafeFileHandle OpenToRead(string path) =>
        File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);

    /// <summary>Writes pieces one behind the other.</summary>
    public virtual void Write(SafeFileHandle file, long offset, IReadOnlyList<ReadOnlyMemory<byte>> pieces) => RandomAccess.Write(file, pieces, offset);

    /// <summary>Makes what was written durable.</summary>
    public virtual void Flush(SafeFileHandle file) => RandomAccess.FlushToDisk(file);

    /// <summary>Cuts a file.</summary>
    public virtual void Truncate(SafeFileHandle file, long length) => RandomAccess.SetLength(file, length);

    /// <summary>Deletes a file, if it is there.</summary>
    public virtual void Delete(string path) => File.Delete(path);

    /// <summary>Makes the names in a folder durable.</summary>
    public virtual void FlushFolder(string path) => SystemCalls.FlushFolder(path);

    /// <summary>Bytes that may still be written to the folder.</summary>
    public virtual long FreeBytes(string folder) => new DriveInfo(folder).AvailableFreeSpace;
}
