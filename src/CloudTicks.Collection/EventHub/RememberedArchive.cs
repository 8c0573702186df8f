using System.Globalization;
using System.Text;
using CloudTicks.Collection.Feeds;
using CloudTicks.Collection.Storage;
using CloudTicks.EventStream;

namespace CloudTicks.Collection.EventHub;

/// <summary>The archive as last seen, stored on disk, so that a collector can start and spool while the event hub is unavailable.</summary>
internal sealed class RememberedArchive(DataFolder folder, EventStreamConnection hub, FeedName feed)
{
    private readonly string _path = Path.Combine(folder.Path, "archive");

    /// <summary>The partition count of the archive of this event hub and feed; null when unknown.</summary>
    public int? Partitions
    {
        get
        {
            try
            {
                string[] lines = File.Exists(_path) ? File.ReadAllLines(_path) : [];
                return lines.Length == 2 && lines[0] == Identity && int.TryParse(lines[1], CultureInfo.InvariantCulture, out var partitions)
                    && partitions > 0
                    ? partitions
                    : null;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }

    /// <summary>The address of the event hub that was last seen; null when unknown.</summary>
    public string? Hub
    {
        get
        {
            try
            {
                return File.Exists(_path) && File.ReadLines(_path).FirstOrDefault() is { } identity
                    && identity.LastIndexOf(' ') is > 0 and var end
                    ? identity[..end]
                    : null;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }

    private string Identity => $"{hub} {FeedMark.NameOf(feed)}";

    /// <summary>Stores the partition count.</summary>
    /// <exception cref="CollectorException">The folder cannot be written.</exception>
    public void Write(int partitions)
    {
        if (partitions == Partitions)
        {
            return;
        }

        try
        {
            folder.Disk.Replace(_path, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Identity}\n{partitions}\n")));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CollectorException(
                $"{_path} cannot be written ({exception.Message.TrimEnd('.')}). Check the disk and the permissions.", exception);
        }
    }
}
