using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.CentralHub.Client;

/// <summary>One service's last good document on disk behind its SHA-256, renamed into place, so that a crash leaves old or new.</summary>
internal sealed class DocumentFile
{
    private const int MostBytes = 4 << 20;
    private const string Mark = "CloudTicks document 1 sha256=";
    private const string Extension = ".document";

    private readonly Disk _disk;
    private readonly string _folder;
    private readonly string _path;

    /// <summary>Names the file; nothing is read yet.</summary>
    /// <param name="hub">The hub: what another hub said is not this one's.</param>
    public DocumentFile(string folder, string service, Uri hub, Disk? disk = null)
    {
        _disk = disk ?? new Disk();
        var sign = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(hub.AbsoluteUri)).AsSpan(0, 4));
        _folder = Path.GetFullPath(folder);
        _path = Path.Combine(_folder, $"{service}-{sign}{Extension}");
    }

    /// <summary>The folder where nobody names another: <c>cloudticks/NAME</c> in the user's state folder.</summary>
    public static string DefaultFolder(string name)
    {
        var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } set && Path.IsPathRooted(set) ? set
            : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
        return Path.Combine(state, "cloudticks", name);
    }

    /// <summary>The files of all services in a folder.</summary>
    public static IEnumerable<string> In(string folder) => Directory.EnumerateFiles(folder, $"*{Extension}");

    /// <summary>The service of a file; null when it is not named as one.</summary>
    public static string? ServiceOf(string path) =>
        Path.GetFileNameWithoutExtension(path) is var name && name.LastIndexOf('-') is > 0 and var end ? name[..end] : null;

    /// <summary>Reads it.</summary>
    /// <exception cref="IOException">It cannot be read, or is not what was written.</exception>
    public HubDocument? Read() => Read(_path);

    /// <summary>Reads a file.</summary>
    /// <exception cref="IOException">It cannot be read, or is not what was written.</exception>
    public static HubDocument? Read(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                return null;
            }

            using var stream = File.OpenRead(path);
            var bytes = new byte[Math.Min(stream.Length, MostBytes + 1)];
            stream.ReadExactly(bytes);
            var end = Array.IndexOf(bytes, (byte)'\n');
            return bytes.Length <= MostBytes && end > 0 && Encoding.UTF8.GetString(bytes, 0, end) == MarkOf(bytes.AsSpan(end + 1))
                ? Document(bytes.AsMemory(end + 1))
                : throw new IOException($"The file {path} is not what was written there; it is left out.");
        }
        catch (Exception failed) when (
            failed is UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new IOException($"The file {path} cannot be read ({failed.Message.TrimEnd('.')}); it is left out.", failed);
        }
    }

    /// <summary>Replaces it.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(HubDocument document)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(
            new Dictionary<string, object> { ["version"] = document.Version, ["tag"] = document.Tag, ["document"] = document.Json });
        // Two processes of one service may keep it at the same time.
        var next = $"{_path}.{Environment.ProcessId}.new";
        try
        {
            _disk.CreateOwnFolder(_folder);
            _disk.Replace(_path, (byte[])[.. Encoding.UTF8.GetBytes(MarkOf(content) + "\n"), .. content], next);
        }
        catch (Exception failed) when (failed is UnauthorizedAccessException or IOException)
        {
            throw new IOException(
                $"The last good document cannot be kept in {_folder} ({failed.Message.TrimEnd('.')}): let this user write there, or set "
                    + $"CentralHub:Folder.", failed);
        }
    }

    private static string MarkOf(ReadOnlySpan<byte> content) => Mark + Convert.ToHexStringLower(SHA256.HashData(content));

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
