using System.Security.Cryptography;
using System.Text;

namespace CloudTicks.Verification.Places;

/// <summary>The data folders of the user's running AppHosts. For each, a file in the user's state folder contains the path.</summary>
internal static class KnownFolders
{
    private const int NameBytes = 8;

    private static string StateFolder
    {
        get
        {
            var stateHome = Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } set && Path.IsPathRooted(set) ? set
                : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
            return Path.Combine(stateHome, "cloudticks");
        }
    }

    private static string SystemsFolder => Path.Combine(StateFolder, "systems");

    /// <summary>The file that older versions read and write: it contains the <c>--data</c> folder of the last started AppHost.</summary>
    private static string LastFolderFile => Path.Combine(StateFolder, "apphost-data");

    /// <summary>
    /// Adds a folder to the list, and removes the entries of folders that no AppHost holds. Throws IOException or
    /// UnauthorizedAccessException.
    /// </summary>
    public static void Add(string folder)
    {
        Directory.CreateDirectory(SystemsFolder);
        foreach (var file in Directory.EnumerateFiles(SystemsFolder).Where(file => !RunningSystems.IsHeld(Read(file))))
        {
            File.Delete(file);
        }

        Write(FileOf(folder), Path.GetFullPath(folder));
        Write(LastFolderFile, Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))) ?? "");
    }

    public static void Remove(string folder)
    {
        if (Directory.Exists(SystemsFolder))
        {
            File.Delete(FileOf(folder));
        }
    }

    /// <summary>The added folders that exist, whether or not an AppHost still runs there, and those of the last started AppHost.</summary>
    public static IEnumerable<string> All()
    {
        var added = Directory.Exists(SystemsFolder) ? Directory.EnumerateFiles(SystemsFolder).Select(Read) : [];
        var last = Read(LastFolderFile);
        return added.Concat(Directory.Exists(last) ? Directory.EnumerateDirectories(last) : [])
            .Where(Directory.Exists).Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))).Distinct();
    }

    private static string FileOf(string folder)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        return Path.Combine(SystemsFolder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)).AsSpan(0, NameBytes)));
    }

    /// <summary>Writes a file atomically, because a command that read an empty file would not find the system.</summary>
    private static void Write(string file, string text)
    {
        var newFile = Path.Combine(StateFolder, $"{Path.GetFileName(file)}.{Environment.ProcessId}.new");
        File.WriteAllText(newFile, text);
        File.Move(newFile, file, overwrite: true);
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
