using CloudTicks.Foundations;

namespace CloudTicks.AppHost.Local.Running;

/// <summary>Keeps a second AppHost out of a data folder; the system lets go of it when this process ends, however it ends.</summary>
internal static class DataFolderLock
{
    private const int ReadOnlyErrno = 30;

    /// <summary>An empty database, the event hub's reserve, and something to begin with.</summary>
    private const long LeastFreeBytes = 256L << 20;

    /// <exception cref="LocalRunException">The folder cannot be used; the sentence says what to do.</exception>
    public static IDisposable Take(string folder)
    {
        try
        {
            RequireRoom(folder);
            Directory.CreateDirectory(folder);
            return new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception refused) when (refused is UnauthorizedAccessException or IOException { HResult: ReadOnlyErrno })
        {
            throw new LocalRunException(
                $"The data folder {folder} cannot be written to ({refused.Message.TrimEnd('.')}): let this user write there, or choose another folder with --data.");
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            throw new LocalRunException($"Another AppHost works in {folder}: stop it, or choose another folder with --data.");
        }
        catch (IOException refused)
        {
            throw new LocalRunException($"The data folder {folder} cannot be made ({refused.Message.TrimEnd('.')}): choose another folder with --data.");
        }
    }

    /// <summary>A new folder on a full disk would be left half-made; one that is there may have what it needs.</summary>
    private static void RequireRoom(string folder)
    {
        var existing = folder;
        while (!Path.Exists(existing) && Path.GetDirectoryName(existing) is { } parent)
        {
            existing = parent;
        }

        if (existing != folder && new DriveInfo(existing).AvailableFreeSpace is var free && free < LeastFreeBytes)
        {
            throw new LocalRunException(
                $"The disk of {existing} has {new ByteSize(free)} left, and a new data folder needs {new ByteSize(LeastFreeBytes)}: make room, or choose another folder with --data.");
        }
    }
}
