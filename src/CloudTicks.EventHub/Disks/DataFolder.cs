using System.Globalization;
using System.Text;
using CloudTicks.Foundations;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Disks;

/// <summary>The data folder: locked for one hub, stamped with the format's version and the cluster's id.</summary>
internal sealed class DataFolder : IDisposable
{
    public const int FormatVersion = 1;

    private const string FormatName = "cloudticks-eventhub";
    private const string FormatFile = "format";
    private const string LockName = "lock";

    /// <summary>What may stand in a folder that is to become an event hub's: its own beginnings, and what a new file system has.</summary>
    private static readonly string[] NewFolder = [LockName, FormatFile + ".next", "lost+found"];

    private readonly FolderLock _lock;

    private DataFolder(string root, FolderLock heldLock, Guid clusterId)
    {
        _lock = heldLock;
        Root = root;
        ClusterId = clusterId;
    }

    public string Root { get; }

    /// <summary>Made with the folder, never changed.</summary>
    public Guid ClusterId { get; }

    public string LogFolder => Path.Combine(Root, "log");

    public string TopicsFolder => Path.Combine(Root, "topics");

    public string DamageFolder => Path.Combine(Root, "damage");

    public string AcknowledgedFile => Path.Combine(Root, "acknowledged");

    public string ReserveFile => Path.Combine(Root, "reserve");

    public string SnapshotFile => Path.Combine(Root, "snapshot");

    /// <exception cref="StorageException">The folder is in use, somebody else's, of an unknown version, or cannot be made or
    /// written.</exception>
    public static DataFolder Open(string path, Disk disk)
    {
        var root = Path.GetFullPath(path);
        var isNew = !Directory.Exists(root);
        FolderLock? held = null;
        try
        {
            RequireOwn(root);
            held = Lock(root);
            var folder = new DataFolder(root, held, ReadOrMakeIdentity(root, disk));
            disk.CreateFolder(folder.LogFolder);
            disk.CreateFolder(folder.TopicsFolder);
            disk.FlushFolder(root);
            disk.FlushFolder(Path.GetDirectoryName(root) ?? root);
            return folder;
        }
        catch (Exception e)
        {
            if (isNew && held is not null && !OperatingSystem.IsWindows())
            {
                Directory.Delete(root, recursive: true); // while it is locked; nothing half-made stays
            }

            held?.Dispose();
            if (e is IOException or UnauthorizedAccessException)
            {
                throw new StorageException(Sentence(root, e), e);
            }

            throw;
        }
    }

    public void Dispose() => _lock.Dispose();

    /// <summary>Before anything is written into it.</summary>
    private static void RequireOwn(string root)
    {
        if (Directory.Exists(root) && !File.Exists(Path.Combine(root, FormatFile)) && !Directory.Exists(Path.Combine(root, "log"))
            && Directory.EnumerateFileSystemEntries(root).Select(Path.GetFileName)
                .FirstOrDefault(name => !NewFolder.Contains(name)) is { } other)
        {
            throw new StorageException(
                $"The data folder {root} holds {other}, which is not an event hub's. Choose an empty or a new folder with --data.");
        }
    }

    private static FolderLock Lock(string root)
    {
        PrivateFolder.Create(root);
        return FolderLock.TryTake(Path.Combine(root, LockName)) ?? throw new StorageException(
            $"The data folder {root} is in use by another event hub. Stop that one, or choose another folder with --data.");
    }

    private static string Sentence(string root, Exception failure) =>
        File.Exists(root) ? $"The data folder {root} is a file. Choose another one with --data."
        : Disk.IsFull(failure) ? $"The data folder {root} cannot be used, because its disk is full. Make room, or choose another one with "
            + "--data."
        : $"The data folder {root} cannot be written to ({failure.Message.TrimEnd('.')}). Let this user write there, or choose another one "
            + "with --data.";

    private static Guid ReadOrMakeIdentity(string root, Disk disk)
    {
        var path = Path.Combine(root, FormatFile);
        if (!File.Exists(path))
        {
            if (Directory.Exists(Path.Combine(root, "log")))
            {
                throw new StorageException(
                    $"The data folder {root} has logs but no file named format: it is not whole. Restore that file from a copy.");
            }

            var made = Guid.NewGuid();
            var text = string.Create(CultureInfo.InvariantCulture, $"{FormatName} {FormatVersion}\ncluster {made:N}\n");
            disk.Replace(path, Encoding.ASCII.GetBytes(text));
            return made;
        }

        var lines = File.ReadAllLines(path);
        if (lines.Length > 0 && lines[0].StartsWith(FormatName + " ", StringComparison.Ordinal))
        {
            var version = lines[0][(FormatName.Length + 1)..];
            if (version != FormatVersion.ToString(CultureInfo.InvariantCulture))
            {
                throw new StorageException(
                    $"The data folder {root} has format version {version}; this event hub reads version {FormatVersion}. Use the release "
                        + "that wrote it.");
            }

            if (lines.Length > 1 && lines[1].StartsWith("cluster ", StringComparison.Ordinal)
                && Guid.TryParseExact(lines[1]["cluster ".Length..], "N", out var id))
            {
                return id;
            }
        }

        throw new StorageException(
            $"{path} is not the format file of an event hub. Point --data at an empty folder, or restore the file from a copy.");
    }
}
