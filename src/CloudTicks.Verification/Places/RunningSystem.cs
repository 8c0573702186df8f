using System.Text.Json;

namespace CloudTicks.Verification.Places;

/// <summary>
/// Where the parts of a system on this machine are, as its AppHost notes it in its data folder while it runs: <c>services.json</c>. It holds no
/// secret: the password of the database is in a file that only its owner can read, and servers of one's own are left out.
/// </summary>
public sealed record RunningSystem
{
    /// <summary>The note's name.</summary>
    public const string FileName = "services.json";

    private const string LockName = "lock";

    private static readonly JsonSerializerOptions Form = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary><c>simulated</c> or <c>polygon</c>.</summary>
    public required string Feed { get; init; }

    /// <summary>The collectors; one or more.</summary>
    public required IReadOnlyList<Uri> Collectors { get; init; }

    /// <summary>The functions, which are the central hub.</summary>
    public required Uri Hub { get; init; }

    /// <summary>Whether they follow the hub; false in a replay.</summary>
    public bool FollowsHub { get; init; } = true;

    /// <summary>The simulator; null on the real feed.</summary>
    public Uri? Simulator { get; init; }

    /// <summary>The event hub, <c>host:port</c>; null when it is one's own.</summary>
    public string? EventHub { get; init; }

    /// <summary>NATS; null when it is one's own.</summary>
    public string? Nats { get; init; }

    /// <summary>The database; null when it is one's own.</summary>
    public DatabasePlace? Database { get; init; }

    /// <summary>Where the AppHost that was started last tells of its data folder.</summary>
    public static string LastFolderFile
    {
        get
        {
            var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } set && Path.IsPathRooted(set) ? set
                : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
            return Path.Combine(state, "cloudticks", "apphost-data");
        }
    }

    /// <summary>Writes the note.</summary>
    /// <param name="folder">The data folder of the feed.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Write(string folder)
    {
        var file = Path.Combine(folder, FileName);
        File.WriteAllText(file + ".new", JsonSerializer.Serialize(this, Form));
        File.Move(file + ".new", file, overwrite: true);
        Directory.CreateDirectory(Path.GetDirectoryName(LastFolderFile)!);
        File.WriteAllText(LastFolderFile, Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))) ?? "");
    }

    /// <summary>Removes the note.</summary>
    /// <param name="folder">The data folder of the feed.</param>
    public static void Remove(string folder) => File.Delete(Path.Combine(folder, FileName));

    /// <summary>Finds the system that runs on a data folder.</summary>
    /// <param name="dataFolder">The data folder of AppHost, with one for each feed below it; null for <c>.cloudticks</c> here, else that of the AppHost that was started last.</param>
    /// <returns>That which was started last of those that run; null when none does.</returns>
    public static RunningSystem? Find(string? dataFolder)
    {
        string[] folders = dataFolder is not null ? [dataFolder] : [Path.GetFullPath(".cloudticks"), LastFolder()];
        return folders.Where(Directory.Exists).Select(FindIn).FirstOrDefault(found => found is not null);
    }

    private static RunningSystem? FindIn(string dataFolder) => Directory.EnumerateDirectories(dataFolder)
        .Select(folder => new FileInfo(Path.Combine(folder, FileName))).Where(note => note.Exists && IsHeld(note.DirectoryName!))
        .OrderByDescending(note => note.LastWriteTimeUtc).Select(Read).FirstOrDefault(found => found is not null);

    private static string LastFolder()
    {
        try
        {
            return File.Exists(LastFolderFile) ? File.ReadAllText(LastFolderFile).Trim() : "";
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>Whether an AppHost works there; a killed one has left its note.</summary>
    private static bool IsHeld(string folder)
    {
        try
        {
            using var free = new FileStream(Path.Combine(folder, LockName), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return refused is not FileNotFoundException;
        }
    }

    private static RunningSystem? Read(FileInfo note)
    {
        try
        {
            return JsonSerializer.Deserialize<RunningSystem>(File.ReadAllText(note.FullName), Form);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            // Somebody else's, or of another version: the usual addresses are looked at.
            return null;
        }
    }
}
