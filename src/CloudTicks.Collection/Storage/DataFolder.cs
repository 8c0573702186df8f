using System.Globalization;
using System.Text;
using CloudTicks.Collection.Feeds;
using CloudTicks.Foundations;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.Collection.Storage;

/// <summary>A collector's folder on disk, locked by one process at a time. The system releases the lock when the process ends.</summary>
internal sealed class DataFolder : IDisposable
{
    private const string Program = "CloudTicks collector";
    private const int Version = 1;
    private const string MarkFile = "collector.folder";
    private const string LockFile = "lock";

    /// <summary>Files that an interrupted creation may have left in a new folder.</summary>
    private static readonly string[] NewFolderFiles = [LockFile, MarkFile + ".next"];

    private readonly FolderLock _lock;

    private DataFolder(string path, FolderLock folderLock, Disk disk) => (Path, _lock, Disk) = (path, folderLock, disk);

    public string Path { get; }

    public Disk Disk { get; }

    /// <summary>Opens the configured folder, by default the feed's folder in the user's state folder. Creates it if missing.</summary>
    /// <exception cref="FolderInUseException">Another collector uses the folder.</exception>
    /// <exception cref="CollectorException">The folder cannot be used; the message says what to do.</exception>
    public static DataFolder Open(CollectorOptions options, Disk? disk = null)
    {
        disk ??= new Disk();
        var path = System.IO.Path.GetFullPath(options.DataFolder is { Length: > 0 } chosen ? chosen : DefaultPath(options.FeedName));
        FolderLock? folderLock = null;
        try
        {
            disk.CreatePrivateFolder(path);
            var mark = System.IO.Path.Combine(path, MarkFile);
            var isNew = !File.Exists(mark);
            if (isNew && Directory.EnumerateFileSystemEntries(path)
                .FirstOrDefault(entry => !NewFolderFiles.Contains(System.IO.Path.GetFileName(entry))) is { } foreignEntry)
            {
                throw new CollectorException(
                    $"The data folder {path} does not belong to a collector: it contains {System.IO.Path.GetFileName(foreignEntry)}. Set "
                        + "Collector:DataFolder to a new or empty folder.");
            }

            folderLock = FolderLock.TryTake(System.IO.Path.Combine(path, LockFile)) ?? throw new FolderInUseException(
                $"Another collector is using {path}: stop it, or set Collector:DataFolder to another folder.");
            // An earlier version may have left an empty mark after a power cut, in an otherwise empty folder.
            if (isNew || File.ReadAllText(mark) is var text && string.IsNullOrWhiteSpace(text))
            {
                disk.Replace(mark, Encoding.UTF8.GetBytes(Mark(options.FeedName)));
            }
            else
            {
                Check(path, text, options.FeedName);
            }

            return new DataFolder(path, folderLock, disk);
        }
        catch (Exception refused)
        {
            folderLock?.Dispose();
            throw refused is UnauthorizedAccessException or IOException ? Refusal(path, refused) : refused;
        }
    }

    /// <summary>The path of a subfolder, which is created if missing.</summary>
    /// <exception cref="CollectorException">The subfolder cannot be created.</exception>
    public string Folder(string name)
    {
        var folder = System.IO.Path.Combine(Path, name);
        try
        {
            Disk.CreatePrivateFolder(folder);
            return folder;
        }
        catch (Exception refused) when (refused is UnauthorizedAccessException or IOException)
        {
            throw Refusal(folder, refused);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static string DefaultPath(FeedName feed)
    {
        var stateFolder = Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } stateHome
            && System.IO.Path.IsPathRooted(stateHome)
            ? stateHome
            : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
        return System.IO.Path.Combine(stateFolder, "cloudticks", $"collector-{FeedMark.NameOf(feed)}");
    }

    private static string Mark(FeedName feed) =>
        string.Create(CultureInfo.InvariantCulture, $"{Program}, version {Version}, feed {FeedMark.NameOf(feed)}\n");

    private static void Check(string path, string mark, FeedName feed)
    {
        if (mark == Mark(feed))
        {
            return;
        }

        var parts = mark.TrimEnd().Split(", feed ");
        throw new CollectorException(parts.Length == 2 && mark.StartsWith($"{Program}, version {Version}, ", StringComparison.Ordinal)
            ? $"The data folder {path} belongs to the feed '{parts[1]}', but this collector collects '{FeedMark.NameOf(feed)}': set "
                + "Collector:DataFolder to another folder."
            : $"The data folder {path} is marked '{mark.Trim()}', which this version does not know: update CloudTicks, or set "
                + "Collector:DataFolder to another folder.");
    }

    private static CollectorException Refusal(string path, Exception refused)
    {
        var reason = refused.Message.TrimEnd('.');
        return new CollectorException(
            Disk.IsReadOnly(refused)
                ? $"The data folder {path} cannot be written to ({reason}): let this user write there, or set Collector:DataFolder to "
                    + $"another folder."
                : $"The data folder {path} cannot be used ({reason}): free disk space, or set Collector:DataFolder to another folder.",
            refused);
    }
}
