using System.Globalization;
using System.Text;
using CloudTicks.Foundations;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Disks;

/// <summary>The data folder: locked by one event hub, with a file for the format's version and the cluster's id.</summary>
internal sealed class DataFolder : IDisposable
{
    public const int FormatVersion = 1;

    private const string FormatName = "cloudticks-eventhub";
    private const string FormatFile = "format";
    private const string LockName = "lock";

    /// <summary>The files that a new data folder may contain: those of an interrupted creation, and those of a new file system.</summary>
    private static readonly string[] AllowedInNewFolder = [LockName, FormatFile + ".next", "lost+found"];

    private readonly FolderLock _lock;

    private DataFolder(string root, FolderLock heldLock, Guid clusterId)
    {
        _lock = heldLock;
        Root = root;
        ClusterId = clusterId;
    }

    public string Root { get; }

    /// <summary>The id of the cluster, which is created with the folder and never changed.</summary>
    public Guid ClusterId { get; }

    public string LogFolder => Path.Combine(Root, "log");

    public string TopicsFolder => Path.Combine(Root, "topics");

    public string DamageFolder => Path.Combine(Root, "damage");

    public string AcknowledgedFile => Path.Combine(Root, "acknowledged");

    public string ReserveFile => Path.Combine(Root, "reserve");

    public string SnapshotFile => Path.Combine(Root, "snapshot");

    /// <exception cref="StorageException">
    /// The folder is in use, belongs to another program, has no valid format file, has an unknown version, or is not writable.
    /// </exception>
    public static DataFolder Open(string path, Disk disk)
    {
        var root = Path.GetFullPath(path);
        var isNew = !Directory.Exists(root);
        FolderLock? held = null;
        try
        {
            RequireNoForeignFiles(root);
            held = Lock(root);
            var folder = new DataFolder(root, held, ReadOrCreateIdentity(root, disk));
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
                Directory.Delete(root, recursive: true); // under the lock; leaves no incomplete folder
            }

            held?.Dispose();
            if (e is IOException or UnauthorizedAccessException)
            {
                throw new StorageException(Describe(root, e), e);
            }

            throw;
        }
    }

    public void Dispose() => _lock.Dispose();

    /// <summary>Throws when the folder contains files of another program. Called before anything is written into the folder.</summary>
    private static void RequireNoForeignFiles(string root)
    {
        if (Directory.Exists(root) && !File.Exists(Path.Combine(root, FormatFile)) && !Directory.Exists(Path.Combine(root, "log"))
            && Directory.EnumerateFileSystemEntries(root).Select(Path.GetFileName)
                .FirstOrDefault(name => !AllowedInNewFolder.Contains(name)) is { } other)
        {
            throw new StorageException(
                $"The data folder {root} contains {other}, which does not belong to an event hub. Choose an empty or a new folder "
                    + "with --data.");
        }
    }

    private static FolderLock Lock(string root)
    {
        PrivateFolder.Create(root);
        return FolderLock.TryTake(Path.Combine(root, LockName)) ?? throw new StorageException(
            $"The data folder {root} is in use by another event hub. Stop it, or choose another folder with --data.");
    }

    private static string Describe(string root, Exception failure) =>
        File.Exists(root) ? $"The data folder {root} is a file. Choose another folder with --data."
        : Disk.IsFull(failure) ? $"The data folder {root} cannot be used: its disk is full. Free space, or choose another folder with "
            + "--data."
        : $"The data folder {root} cannot be written to ({failure.Message.TrimEnd('.')}). Grant write access, or choose another folder "
            + "with --data.";

    private static Guid ReadOrCreateIdentity(string root, Disk disk)
    {
        var path = Path.Combine(root, FormatFile);
        if (!File.Exists(path))
        {
            if (Directory.Exists(Path.Combine(root, "log")))
            {
                throw new StorageException(
                    $"The data folder {root} has logs but no file named format. Restore that file from a backup.");
            }

            var newId = Guid.NewGuid();
            var text = string.Create(CultureInfo.InvariantCulture, $"{FormatName} {FormatVersion}\ncluster {newId:N}\n");
            disk.Replace(path, Encoding.ASCII.GetBytes(text));
            return newId;
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
            $"{path} is not the format file of an event hub. Point --data at an empty folder, or restore the file from a backup.");
    }
}
