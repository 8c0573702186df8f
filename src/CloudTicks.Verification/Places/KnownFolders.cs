using System.Security.Cryptography;
using System.Text;

namespace CloudTicks.Verification.Places;

/// <summary>The data folders of the user's running AppHosts: a file for each in the user's state folder, with the path.</summary>
internal static class KnownFolders
{
    private const int NameBytes = 8;

    private static string State
    {
        get
        {
            var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } set && Path.IsPathRooted(set) ? set
                : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
            return Path.Combine(state, "cloudticks");
        }
    }

    private static string Systems => Path.Combine(State, "systems");

    /// <summary>
    /// The file in which an older AppHost stores the parent of its feed's folder. It names only the AppHost that was started last.
    /// </summary>
    private static string LastFolderFile => Path.Combine(State, "apphost-data");

    /// <summary>Adds a folder and forgets those without an AppHost. Throws IOException or UnauthorizedAccessException.</summary>
    public static void Add(string folder)
    {
        Directory.CreateDirectory(Systems);
        foreach (var file in Directory.EnumerateFiles(Systems).Where(file => !RunningSystems.IsHeld(Read(file))))
        {
            File.Delete(file);
        }

        File.WriteAllText(FileOf(folder), Path.GetFullPath(folder));
        File.WriteAllText(LastFolderFile, Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))) ?? "");
    }

    public static void Remove(string folder)
    {
        if (Directory.Exists(Systems))
        {
            File.Delete(FileOf(folder));
        }
    }

    /// <summary>All added folders, whether or not an AppHost still runs there.</summary>
    public static IEnumerable<string> All()
    {
        var added = Directory.Exists(Systems) ? Directory.EnumerateFiles(Systems).Select(Read) : [];
        var last = Read(LastFolderFile);
        return added.Concat(Directory.Exists(last) ? Directory.EnumerateDirectories(last) : [])
            .Where(Directory.Exists).Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))).Distinct();
    }

    private static string FileOf(string folder)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        return Path.Combine(Systems, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)).AsSpan(0, NameBytes)));
    }

    private static string Read(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllText(file).Trim() : "";
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
