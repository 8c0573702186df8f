using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.CentralHub.Client;

/// <summary>
/// A service's last good document on disk, with its SHA-256. The file is replaced atomically, so a crash never leaves half a document.
/// </summary>
internal sealed class DocumentFile
{
    private const int MaxBytes = 4 << 20;
    private const string HeaderPrefix = "CloudTicks document 1 sha256=";
    private const string Extension = ".document";

    private readonly Disk _disk;
    private readonly string _folder;
    private readonly string _path;

    /// <summary>Determines the path of the file without reading it.</summary>
    /// <param name="hub">The hub's address; each hub has its own file, so that no document of another hub is used.</param>
    public DocumentFile(string folder, string service, Uri hub, Disk? disk = null)
    {
        _disk = disk ?? new Disk();
        var hubHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(hub.AbsoluteUri)).AsSpan(0, 4));
        _folder = Path.GetFullPath(folder);
        _path = Path.Combine(_folder, $"{service}-{hubHash}{Extension}");
    }

    /// <summary>Returns the default folder: <c>cloudticks/NAME</c> in the user's state folder.</summary>
    public static string DefaultFolder(string name)
    {
        var stateFolder = Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } set && Path.IsPathRooted(set) ? set
            : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
        return Path.Combine(stateFolder, "cloudticks", name);
    }

    /// <summary>Returns the files of all services in a folder.</summary>
    public static IEnumerable<string> FilesIn(string folder) => Directory.EnumerateFiles(folder, $"*{Extension}");

    /// <summary>Returns the service of a file; null when the file's name is not that of a document.</summary>
    public static string? ServiceOf(string path) =>
        Path.GetFileNameWithoutExtension(path) is var name && name.LastIndexOf('-') is > 0 and var end ? name[..end] : null;

    /// <summary>Reads the file; null when it does not exist.</summary>
    /// <exception cref="IOException">The file cannot be read, or is damaged.</exception>
    public HubDocument? Read() => Read(_path);

    /// <summary>Reads a file; null when it does not exist.</summary>
    /// <exception cref="IOException">The file cannot be read, or is damaged.</exception>
    public static HubDocument? Read(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                return null;
            }

            using var stream = File.OpenRead(path);
            var bytes = new byte[Math.Min(stream.Length, MaxBytes + 1)];
            stream.ReadExactly(bytes);
            var end = Array.IndexOf(bytes, (byte)'\n');
            return bytes.Length <= MaxBytes && end > 0 && Encoding.UTF8.GetString(bytes, 0, end) == HeaderOf(bytes.AsSpan(end + 1))
                ? Document(bytes.AsMemory(end + 1))
                : throw new IOException($"The file {path} is damaged and is ignored.");
        }
        catch (Exception failed) when (
            failed is UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new IOException($"The file {path} cannot be read ({failed.Message.TrimEnd('.')}) and is ignored.", failed);
        }
    }

    /// <summary>Replaces the file.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Write(HubDocument document)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(
            new Dictionary<string, object> { ["version"] = document.Version, ["tag"] = document.Tag, ["document"] = document.Json });
        // Two processes of one service may write the file at the same time.
        var newFile = $"{_path}.{Environment.ProcessId}.new";
        try
        {
            _disk.CreatePrivateFolder(_folder);
            _disk.Replace(_path, (byte[])[.. Encoding.UTF8.GetBytes(HeaderOf(content) + "\n"), .. content], newFile);
        }
        catch (Exception failed) when (failed is UnauthorizedAccessException or IOException)
        {
            throw new IOException(
                $"The last document cannot be stored in {_folder} ({failed.Message.TrimEnd('.')}). Give this user write access, or set "
                    + $"CentralHub:Folder.", failed);
        }
    }

    private static string HeaderOf(ReadOnlySpan<byte> content) => HeaderPrefix + Convert.ToHexStringLower(SHA256.HashData(content));

    private static HubDocument Document(ReadOnlyMemory<byte> content)
    {
        using var json = JsonDocument.Parse(content);
        var root = json.RootElement;
        var document = new HubDocument(
            root.GetProperty("version"u8).GetInt32(), root.GetProperty("tag"u8).GetString() ?? "",
            root.GetProperty("document"u8).GetString() ?? "");
        document.Content();
        return document;
    }
}
