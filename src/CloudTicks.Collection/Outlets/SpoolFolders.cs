using System.Globalization;
using CloudTicks.Collection.Spool;
using CloudTicks.Collection.Storage;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Outlets;

/// <summary>
/// Chooses the spool folder for each destination. Records for another destination wait until that destination is configured again.
/// </summary>
internal sealed class SpoolFolders(DataFolder folder, ILogger logger)
{
    /// <summary>The name of the first spool folder for an event hub.</summary>
    public const string EventHub = "spool";

    /// <summary>The name of the first spool folder for an HTTP server.</summary>
    public const string DbServer = "spool-db-server";

    private const int MaxNumber = 1000;

    /// <summary>Stores the destination in the spool folder of an earlier version, which did not store it.</summary>
    /// <exception cref="CollectorException">The folder cannot be used.</exception>
    public void MarkFolderOfEarlierVersion(string name, SpoolDestination destination) => Try(() =>
    {
        var path = PathOf(name);
        if (WaitingBytes(path) > 0 && SpoolMark.Read(path) is null)
        {
            SpoolMark.Write(path, destination, folder.Disk);
        }
    });

    /// <summary>Chooses and marks the folder for a destination, and logs records that wait for other destinations.</summary>
    /// <exception cref="CollectorException">The folder cannot be used.</exception>
    public string Choose(string name, SpoolDestination destination)
    {
        var chosen = "";
        Try(() =>
        {
            chosen = Names(name).OrderBy(one => Rank(one, destination)).First();
            folder.Folder(chosen);
            // While the event hub is unavailable, its cluster id is known only from the mark.
            var known = SpoolMark.Read(PathOf(chosen));
            var marked =
                destination with { Cluster = destination.Cluster ?? (known?.Address == destination.Address ? known.Cluster : null) };
            if (known != marked)
            {
                SpoolMark.Write(PathOf(chosen), marked, folder.Disk);
            }

            foreach (var other in Names(EventHub).Concat(Names(DbServer)).Where(one => one != chosen))
            {
                Report(PathOf(other), destination);
            }
        });
        return chosen;
    }

    /// <summary>
    /// Ranks a folder; the lowest rank is chosen. The order is: the destination's own folder, an unmarked folder with records, a folder
    /// without records or a missing one. A folder with records for another destination is never used.
    /// </summary>
    private int Rank(string name, SpoolDestination destination)
    {
        var path = PathOf(name);
        return SpoolMark.Read(path) switch
        {
            { Cluster: { } cluster } when cluster == destination.Cluster => 0,
            { } other when other.IsSameAs(destination) => 1,
            null when WaitingBytes(path) > 0 => 2,
            _ when WaitingBytes(path) == 0 => 3,
            _ => int.MaxValue,
        };
    }

    private void Report(string path, SpoolDestination destination)
    {
        if (WaitingBytes(path) is > 0 and var bytes)
        {
            var other = SpoolMark.Read(path);
            logger.SpoolOfOtherDestination(
                new(bytes), path, other?.Address ?? "a destination that an earlier version did not record", destination.Address,
                other?.Setting ?? "the setting of the run that wrote them");
        }
    }

    private string PathOf(string name) => Path.Combine(folder.Path, name);

    /// <summary>The names of the existing folders of a kind, and the next unused name.</summary>
    private IEnumerable<string> Names(string first)
    {
        for (var number = 1; number <= MaxNumber; number++)
        {
            var name = number == 1 ? first : string.Create(CultureInfo.InvariantCulture, $"{first}-{number}");
            yield return name;
            if (!Directory.Exists(PathOf(name)))
            {
                yield break;
            }
        }
    }

    private static long WaitingBytes(string path) =>
        Directory.Exists(path) ? new DirectoryInfo(path).EnumerateFiles("*" + SpoolSegment.Extension).Sum(file => file.Length) : 0;

    private void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CollectorException(
                $"The spools in {folder.Path} cannot be used ({failure.Message.TrimEnd('.')}): let this user write there, free disk "
                + "space, or set Collector:DataFolder to another folder.",
                failure);
        }
    }
}
