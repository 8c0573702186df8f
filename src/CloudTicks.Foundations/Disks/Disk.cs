using Microsoft.Win32.SafeHandles;

namespace CloudTicks.Foundations.Disks;

/// <summary>Every change in a data folder goes through here, where tests make a disk fill up, fail or lose power.</summary>
public class Disk
{
    private const int NoSpaceErrno = 28;
    private const int ReadOnlyErrno = 30;
    private const int QuotaErrno = 122;
    private const int OpenFilesErrno = 24;
    private const int OpenFilesOfSystemErrno = 23;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int MaxDeletions = 20;
    private const int WindowsWriteProtected = unchecked((int)0x80070013);
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Opens a file for reading and writing, making it when it is not there.</summary>
    public DiskFile Open(string path) =>
        Wrap(path, File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete));

    /// <summary>Opens a file that is there for reading.</summary>
    public DiskFile OpenToRead(string path) =>
        Wrap(path, File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));

    /// <summary>Replaces a file as a whole: after a crash it holds the old content or the new.</summary>
    /// <param name="next">Where it is written first; beside the file, with <c>.next</c> behind, where one process alone writes it.</param>
    public void Replace(string path, ReadOnlyMemory<byte> content, string? next = null)
    {
        next ??= path + ".next";
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
    /// <param name="mode">Who may use the folders that are made; null for what the process gives.</param>
    public virtual void CreateFolder(string path, UnixFileMode? mode = null)
    {
        if (mode is not { } chosen || OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, chosen);
        }
    }

    /// <summary>Makes a folder that only its owner can enter, and those above it; their names survive a power cut.</summary>
    public void CreateOwnFolder(string path)
    {
        List<string> changed = [];
        for (var folder = path; !Directory.Exists(folder) && Path.GetDirectoryName(folder) is { Length: > 0 } above; folder = above)
        {
            changed.Add(above);
        }

        CreateFolder(path, OwnerOnly);
        changed.ForEach(FlushFolder);
    }

    /// <summary>Deletes a folder with all that is in it, if it is there.</summary>
    public virtual void DeleteFolder(string path)
    {
        for (var tries = MaxDeletions; Directory.Exists(path); tries--)
        {
            try
            {
                Directory.Delete(path, recursive: true);
            }
            catch (IOException) when (tries > 1)
            {
                // Another thread made or deleted a file in it meanwhile.
            }
        }
    }

    /// <summary>Deletes a file, if it is there.</summary>
    public virtual void Delete(string path) => File.Delete(path);

    /// <summary>Renames a file over another one of its folder, which is durable once the folder is flushed.</summary>
    public virtual void Move(string from, string to) => File.Move(from, to, overwrite: true);

    /// <summary>Renames a file to a free name of its folder, in one step, which is durable once the folder is flushed.</summary>
    /// <returns>False when the name is taken; nothing is changed then.</returns>
    public virtual bool MoveIfAbsent(string from, string to)
    {
        try
        {
            // A hard link and the removal of the old name: of several processes that want the name, one gets it.
            File.Move(from, to, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(to))
        {
            return false;
        }
    }

    /// <summary>Makes the names in a folder durable: files made, renamed or deleted in it.</summary>
    /// <exception cref="IOException">The folder cannot be flushed.</exception>
    public virtual void FlushFolder(string path) => SystemCalls.FlushFolder(path);

    /// <summary>Bytes that a write to the folder may still take.</summary>
    public virtual long FreeBytes(string folder) => new DriveInfo(folder).AvailableFreeSpace;

    /// <summary>The size of the folder's disk.</summary>
    public virtual long TotalBytes(string folder) => new DriveInfo(folder).TotalSize;

    /// <summary>True when a write failed for want of space, which can pass.</summary>
    public static bool IsFull(Exception failure) => failure is IOException { HResult: NoSpaceErrno or QuotaErrno or WindowsDiskFull };

    /// <summary>Whether opening or writing was not permitted, so that nothing was written and a retry may succeed.</summary>
    public static bool IsReadOnly(Exception failure) =>
        failure is UnauthorizedAccessException or IOException { HResult: ReadOnlyErrno or WindowsWriteProtected };

    /// <summary>True when no more files may be open at the moment, so that one could not be opened.</summary>
    public static bool IsOutOfFiles(Exception failure) => failure is IOException { HResult: OpenFilesErrno or OpenFilesOfSystemErrno };

    /// <summary>True when nothing was written for a reason that can pass: no space, no permission, or too many open files.</summary>
    public static bool IsPassing(Exception failure) => IsFull(failure) || IsReadOnly(failure) || IsOutOfFiles(failure);

    /// <summary>What callers get for an open file.</summary>
    protected virtual DiskFile Wrap(string path, SafeFileHandle handle) => new(path, handle);
}
