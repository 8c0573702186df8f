namespace CloudTicks.Verification.Places;

/// <summary>The AppHosts of a set of data folders.</summary>
/// <param name="Silent">Folders held by an AppHost without a note: it is starting or stopping.</param>
/// <param name="Stopped">Folders of AppHosts that have ended.</param>
public sealed record RunningSystems(IReadOnlyList<RunningSystem> Running, IReadOnlyList<string> Silent, IReadOnlyList<string> Stopped)
{
    private const string LockName = "lock";

    /// <summary>The AppHosts of a data folder with a subfolder for each feed, or of one feed's folder.</summary>
    public static RunningSystems In(string dataFolder)
    {
        var folder = Path.GetFullPath(dataFolder);
        return Of(!Directory.Exists(folder) ? []
            : File.Exists(Path.Combine(folder, LockName)) ? [folder]
            : Directory.EnumerateDirectories(folder));
    }

    /// <summary>The AppHosts of this user, in any folder.</summary>
    public static RunningSystems OnThisMachine() => Of(KnownFolders.All());

    /// <summary>
    /// Whether an AppHost holds the folder. A killed AppHost leaves its files, but the operating system releases its lock.
    /// </summary>
    internal static bool IsHeld(string folder)
    {
        try
        {
            // A shared lock, so that two concurrent checks do not mistake each other for the AppHost.
            using var lockStream = new FileStream(Path.Combine(folder, LockName), FileMode.Open, FileAccess.Read, FileShare.Read);
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
