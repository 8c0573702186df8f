using CloudTicks.AppHost.Local.Lines;
using CloudTicks.Foundations;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.AppHost.Local.Running;

/// <summary>
/// Locks the data folder against a second AppHost. The operating system releases the lock when this process exits for any reason.
/// </summary>
internal static class DataFolderLock
{
    /// <summary>The folders that AppHost creates under <c>--data</c>.</summary>
    private static readonly string[] FolderNames = ["simulated", "polygon", "lake"];

    /// <summary>Space for an empty database, the event hub's reserve and the first data.</summary>
    private const long MinFreeDiskBytes = 256L << 20;

    /// <summary>The maximum wait for the lock, because a program that looks for running systems holds it for a moment.</summary>
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(1);

    /// <exception cref="LocalRunException">The folder cannot be used; the message states what to do.</exception>
    public static async Task<IDisposable> AcquireAsync(string folder, RunLines lines, TimeProvider time)
    {
        using var timeout = new CancellationTokenSource(LockTimeout, time);
        try
        {
            RequireFreeSpace(folder);
            RestrictToOwner(folder, lines);
            return await FolderLock.TakeAsync(Path.Combine(folder, "lock"), () => { }, time, timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw new LocalRunException($"Another AppHost is using {folder}: stop it, or choose another folder with --data.");
        }
        catch (Exception refused) when (Disk.IsReadOnly(refused))
        {
            throw new LocalRunException(
                $"The data folder {folder} cannot be written to ({refused.Message.TrimEnd('.')}): let this user write there, or choose "
                    + $"another folder with --data.");
        }
        catch (IOException refused)
        {
            throw new LocalRunException(
                $"The data folder {folder} cannot be created ({refused.Message.TrimEnd('.')}): choose another folder with --data.");
        }
    }

    /// <summary>
    /// Restricts the feed's folder to its owner. Restricts the parent only if it has no other content, because <c>--data</c> may name a
    /// home folder.
    /// </summary>
    private static void RestrictToOwner(string folder, RunLines lines)
    {
        var rootFolder = Path.GetDirectoryName(folder)!;
        var isOurs = !Directory.Exists(rootFolder)
            || Directory.EnumerateFileSystemEntries(rootFolder).All(entry => FolderNames.Contains(Path.GetFileName(entry)));
        List<string> folders =
            [.. isOurs ? [rootFolder] : Array.Empty<string>(), folder, .. Directory.Exists(folder) ? Directory.EnumerateDirectories(folder)
                : []];
        var restricted = folders.Where(PrivateFolder.Create).ToList();
        if (restricted.Count > 0)
        {
            lines.Write(
                "run", LineLevel.Warning,
                "other users could read data folders until now; only this user can access them (mode 0700): "
                    + string.Join(", ", restricted));
        }
    }

    /// <summary>Requires free space for a new folder, which a full disk would leave half initialised.</summary>
    private static void RequireFreeSpace(string folder)
    {
        var existing = folder;
        while (!Path.Exists(existing) && Path.GetDirectoryName(existing) is { } parent)
        {
            existing = parent;
        }

        if (existing != folder && new DriveInfo(existing).AvailableFreeSpace is var free && free < MinFreeDiskBytes)
        {
            throw new LocalRunException(
                $"The disk of {existing} has {new ByteSize(free)} left, and a new data folder needs {new ByteSize(MinFreeDiskBytes)}: make "
                    + $"room, or choose another folder with --data.");
        }
    }
}
