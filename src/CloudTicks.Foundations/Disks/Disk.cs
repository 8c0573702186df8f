using Microsoft.Win32.SafeHandles;

namespace CloudTicks.Foundations.Disks;

/// <summary>Changes files in data folders. Tests override it to simulate a full disk, a write failure or a power loss.</summary>
public class Disk
{
    private const int NoSpaceErrno = 28;
    private const int ReadOnlyErrno = 30;
    private const int QuotaErrno = 122;
    private const int OpenFilesErrno = 24;
    private const int SystemOpenFilesErrno = 23;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int MaxDeletionAttempts = 20;
    private const int WindowsWriteProtected = unchecked((int)0x80070013);
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Opens a file for reading and writing; creates it when it is absent.</summary>
    public DiskFile Open(string path) =>
        Wrap(path, File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete));

    /// <summary>Opens an existing file for reading.</summary>
    public DiskFile OpenToRead(string path) =>
        Wrap(path, File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));

    /// <summary>Replaces a file atomically: after a crash it has the old content or the new.</summary>
    /// <param name="next">The temporary file; by default the file's path with <c>.next</c>, for files that only one process writes.</param>
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

    /// <summary>Creates a folder and its missing parents, unless it exists.</summary>
    /// <param name="mode">Permissions of the folder itself, not of its parents; null for the process's default.</param>
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

    /// <summary>
    /// Creates a folder that only its owner can access, and its missing parents with default access. All created names survive a power
    /// cut.
    /// </summary>
    public void CreatePrivateFolder(string path)
    {
        List<string> changed = [];
        for (var folder = path; !Directory.Exists(folder) && Path.GetDirectoryName(folder) is { Length: > 0 } above; folder = above)
        {
            changed.Add(above);
        }

        CreateFolder(path, OwnerOnly);
        changed.ForEach(FlushFolder);
    }

    /// <summary>Deletes a folder with its contents, if it exists.</summary>
    public virtual void DeleteFolder(string path)
    {
        for (var attemptsLeft = MaxDeletionAttempts; Directory.Exists(path); attemptsLeft--)
        {
            try
            {
                Directory.Delete(path, recursive: true);
            }
            catch (IOException) when (attemptsLeft > 1)
            {
                // Another thread created or deleted a file in the folder meanwhile.
            }
        }
    }

    /// <summary>Deletes a file, if it exists.</summary>
    public virtual void Delete(string path) => File.Delete(path);

    /// <summary>Renames a file within its folder and replaces an existing one. The change is durable once the folder is flushed.</summary>
    public virtual void Move(string from, string to) => File.Move(from, to, overwrite: true);

    /// <summary>Renames a file atomically, within its folder, to an unused name. Flushing the folder makes the change durable.</summary>
    /// <returns>False when the name exists; nothing is changed.</returns>
    public virtual bool MoveIfAbsent(string from, string to)
    {
        try
        {
            // File.Move creates a hard link and removes the old name, so only one of several processes gets the name.
            File.Move(from, to, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(to))
        {
            return false;
        }
    }

    /// <summary>Makes the names in a folder durable: files created, renamed or deleted in it.</summary>
    /// <exception cref="IOException">The folder cannot be flushed.</exception>
    public virtual void FlushFolder(string path) => SystemCalls.FlushFolder(path);

    /// <summary>Free bytes of the folder's disk for this user.</summary>
    public virtual long FreeBytes(string folder) => new DriveInfo(folder).AvailableFreeSpace;

    /// <summary>The size of the folder's disk in bytes.</summary>
    public virtual long TotalBytes(string folder) => new DriveInfo(folder).TotalSize;

    /// <summary>Whether a write failed because the disk was full, so that a retry may succeed.</summary>
    public static bool IsFull(Exception failure) => failure is IOException { HResult: NoSpaceErrno or QuotaErrno or WindowsDiskFull };

    /// <summary>Whether opening or writing was not permitted, so that nothing was written and a retry may succeed.</summary>
    public static bool IsReadOnly(Exception failure) =>
        failure is UnauthorizedAccessException or IOException { HResult: ReadOnlyErrno or WindowsWriteProtected };

    /// <summary>Whether a file could not be opened because too many files were open.</summary>
    public static bool IsOutOfFiles(Exception failure) => failure is IOException { HResult: OpenFilesErrno or SystemOpenFilesErrno };

    /// <summary>Whether nothing was written for a reason that may be temporary: no space, no permission, or too many open files.</summary>
    public static bool IsTransient(Exception failure) => IsFull(failure) || IsReadOnly(failure) || IsOutOfFiles(failure);

    /// <summary>Wraps the handle of an open file.</summary>
    protected virtual DiskFile Wrap(string path, SafeFileHandle handle) => new(path, handle);
}
