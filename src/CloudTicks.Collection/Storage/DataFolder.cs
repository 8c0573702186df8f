using System.Globalization;
using System.Text;
using CloudTicks.Collection.Feeds;
using CloudTicks.Foundations;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.Collection.Storage;

/// <summary>A collector's folder on disk, used by one process at a time; the system frees it when the process ends.</summary>
internal sealed class DataFolder : IDisposable
{
    private const string Program = "CloudTicks collector";
    private const int Version = 1;
    private const string MarkFile = "collector.folder";
    private const string LockFile = "lock";

    /// <summary>What may be in a folder that is to become a collector's: its own beginnings.</summary>
    private static readonly string[] NewFolder = [LockFile, MarkFile + ".next"];

    private readonly FolderLock _lock;

    private DataFolder(string path, FolderLock folderLock, Disk disk) => (Path, _lock, Disk) = (path, folderLock, disk);

    public string Path { get; }

    public Disk Disk { get; }

    /// <summary>Opens the folder that the options name, or the feed's in the user's state folder; creates it if missing.</summary>
    /// <exception cref="FolderInUseException">Another collector works in it.</exception>
    /// <exception cref="CollectorException">It cannot be used; the sentence says what to do.</exception>
    public static DataFolder Open(CollectorOptions options, Disk? disk = null)
    {
        disk ??= new Disk();
        var path = System.IO.Path.GetFullPath(options.DataFolder is { Length: > 0 } chosen ? chosen : DefaultPath(options.FeedName));
        FolderLock? folderLock = null;
        try
        {
            disk.CreateOwnFolder(path);
            var mark = System.IO.Path.Combine(path, MarkFile);
            var isNew = !File.Exists(mark);
            if (isNew && Directory.EnumerateFileSystemEntries(path)
                .FirstOrDefault(entry => !NewFolder.Contains(System.IO.Path.GetFileName(entry))) is { } stranger)
            {
                throw new CollectorException(
                    $"The data folder {path} is not a collector's: it holds {System.IO.Path.GetFileName(stranger)}. Set "
                        + $"Collector:DataFolder to a folder of its own.");
            }

            folderLock = FolderLock.TryTake(System.IO.Path.Combine(path, LockFile)) ?? throw new FolderInUseException(
                $"Another collector works in {path}: stop it, or give this one a folder of its own by Collector:DataFolder.");
            // A power cut may have left a folder of an earlier version whose mark is still empty: then nothing else is in it either.
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

    /// <summary>A folder in it, for one purpose; made when it is not there.</summary>
    /// <exception cref="CollectorException">It cannot be made.</exception>
    public string Folder(string name)
    {
        var folder = System.IO.Path.Combine(Path, name);
        try
        {
            Disk.CreateOwnFolder(folder);
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
        var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } set && System.IO.Path.IsPathRooted(set) ? set
            : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
        return System.IO.Path.Combine(state, "cloudticks", $"collector-{FeedMark.Text(feed)}");
    }

    private static string Mark(FeedName feed) =>
        string.Create(CultureInfo.InvariantCulture, $"{Program}, version {Version}, feed {FeedMark.Text(feed)}\n");

    private static void Check(string path, string mark, FeedName feed)
    {
        if (mark == Mark(feed))
        {
            return;
        }

        var ofFeed = mark.TrimEnd().Split(", feed ");
        throw new CollectorException(ofFeed.Length == 2 && mark.StartsWith($"{Program}, version {Version}, ", StringComparison.Ordinal)
            ? $"The data folder {path} holds what a collector of the feed '{ofFeed[1]}' has kept, and this one is of "
                + $"'{FeedMark.Text(feed)}': "
                + "set Collector:DataFolder to another folder."
            : $"The data folder {path} is marked '{mark.Trim()}', which this version does not know: update CloudTicks, or set "
                + $"Collector:DataFolder to another folder.");
    }

    private static CollectorException Refusal(string path, Exception refused)
    {
        var reason = refused.Message.TrimEnd('.');
        return new CollectorException(
            Disk.IsReadOnly(refused)
                ? $"The data folder {path} cannot be written to ({reason}): let this user write there, or set Collector:DataFolder to "
                    + $"another folder."
                : $"The data folder {path} cannot be used ({reason}): make room there, or set Collector:DataFolder to another folder.",
            refused);
    }
}
