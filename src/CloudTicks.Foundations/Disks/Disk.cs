using Microsoft.Win32.SafeHandles;

namespace CloudTicks.Foundations.Disks;

/// <summary>
/// All that changes in the data folder goes through here; the one place that a test replaces to make a disk fill up, fail, or lose its power.
/// </summary>
public class Disk
{
    private const int NoSpaceErrno = 28;
    private const int ReadOnlyErrno = 30;
    private const int QuotaErrno = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsWriteProtected = unchecked((int)0x80070013);

    /// <summary>Opens a file for reading and writing, making it when it is not there.</summary>
    public DiskFile Open(string path) =>
        Wrap(path, File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete));

    /// <summary>Opens a file that is there for reading.</summary>
    public DiskFile OpenToRead(string path) =>
        Wrap(path, File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));

    /// <summary>Replaces a file as a whole: after a crash it holds the old content or the new.</summary>
    public void Replace(string path, ReadOnlyMemory<byte> content)
    {
        var next = path + ".next";
        using (var file = Open(next))
        {
            file.Truncate(0);
            file.Write(0, content);
            file.Flush();
        }

        Move(next, path);
        FlushFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Makes a folder, and those above it; nothing when it is there.</summary>
    public virtual void CreateFolder(string path) => Directory.CreateDirectory(path);

    /// <summary>Deletes a folder with all that is in it, if it is there.</summary>
    public virtual void DeleteFolder(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    /// <summary>Deletes a file, if it is there.</summary>
    public virtual void Delete(string path) => File.Delete(path);

    /// <summary>Makes the names in a folder durable: files made, renamed or deleted in it.</summary>
    /// <exception cref="IOException">The folder cannot be flushed.</exception>
    public virtual void FlushFolder(string path) => SystemCalls.FlushFolder(path);

    /// <summary>Bytes that a write to the folder may still take.</summary>
    public virtual long FreeBytes(string folder) => new DriveInfo(folder).AvailableFreeSpace;

    /// <summary>The size of the folder's disk.</summary>
    public virtual long TotalBytes(string folder) => new DriveInfo(folder).TotalSize;

    /// <summary>True when a write failed for want of space, which can pass.</summary>
    public static bool IsFull(Exception failure) => failure is IOException { HResult: NoSpaceErrno or QuotaErrno or WindowsDiskFull };

    /// <summary>
    /// True when opening or writing was not permitted, so that nothing was written, which can pass as well. What fails to be flushed was
    /// written, and is no such case.
    /// </summary>
    public static bool IsReadOnly(Exception failure) =>
        failure is UnauthorizedAccessException or IOException { HResult: ReadOnlyErrno or WindowsWriteProtected };

    /// <summary>Renames a file over another one.</summary>
    protected virtual void Move(string from, string to) => File.Move(from, to, overwrite: true);

    /// <summary>What callers get for an open file.</summary>
    protected virtual DiskFile Wrap(string path, SafeFileHandle handle) => new(path, handle);
}
