namespace CloudTicks.Verification.Places;

/// <summary>The AppHosts of some data folders.</summary>
/// <param name="Silent">Folders in which one works that has no note: it is starting or stopping.</param>
/// <param name="Stopped">Folders in which one has worked.</param>
public sealed record RunningSystems(IReadOnlyList<RunningSystem> Running, IReadOnlyList<string> Silent, IReadOnlyList<string> Stopped)
{
    private const string LockName = "lock";

    /// <summary>Those of a data folder, with one for each feed below it, or of the folder of one feed.</summary>
    public static RunningSystems In(string dataFolder)
    {
        var folder = Path.GetFullPath(dataFolder);
        return Of(!Directory.Exists(folder) ? []
            : File.Exists(Path.Combine(folder, LockName)) ? [folder]
            : Directory.EnumerateDirectories(folder));
    }

    /// <summary>Those of this user, wherever their data is.</summary>
    public static RunningSystems OnThisMachine() => Of(KnownFolders.All());

    /// <summary>Whether an AppHost works there; a killed one has left its files, and the system has released its lock.</summary>
    internal static bool IsHeld(string folder)
    {
        try
        {
            // A shared lock: two that look at a time do not take each other for the AppHost.
            using var free = new FileStream(Path.Combine(folder, LockName), FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return refused is not (FileNotFoundException or DirectoryNotFoundException or ArgumentException);
        }
    }

    private static RunningSystems Of(IEnumerable<string> folders)
    {
        var running = new List<RunningSystem>();
        var (silent, stopped) = (new List<string>(), new List<string>());
        foreach (var folder in folders.Where(folder => File.Exists(Path.Combine(folder, LockName))))
        {
            if (!IsHeld(folder))
            {
                stopped.Add(folder);
            }
            else if (RunningSystem.Read(folder) is { } note)
            {
                running.Add(note);
            }
            else
            {
                silent.Add(folder);
            }
        }

        var newestFirst = running.OrderByDescending(note => File.GetLastWriteTimeUtc(Path.Combine(note.Folder, RunningSystem.FileName)));
        return new RunningSystems([.. newestFirst], silent, stopped);
    }
}
