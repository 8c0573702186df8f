using CloudTicks.EventStream;
using CloudTicks.Lake.Manifests;
using CloudTicks.Lake.Writing;

namespace CloudTicks.Lake;

/// <summary>
/// The content of a lake according to its manifests. Reading it opens no Parquet file, takes no lock, and changes nothing.
/// </summary>
public sealed class LakeInventory
{
    private readonly LakeCatalog _catalog;

    private LakeInventory(string location, LakeCatalog catalog) => (Location, _catalog) = (location, catalog);

    /// <summary>The location of the lake: its folder or address.</summary>
    public string Location { get; }

    /// <summary>The days, each with its current files.</summary>
    public IEnumerable<(LakeDay Day, IReadOnlyList<LakeFile> Files)> Days =>
        _catalog.Days.Values.Where(entry => entry.Manifest.Files.Count > 0).Select(entry => (entry.Day, entry.Manifest.Files));

    /// <summary>The files of all days.</summary>
    public IEnumerable<LakeFile> Files => Days.SelectMany(day => day.Files);

    /// <summary>Descriptions of what is damaged, one sentence each.</summary>
    public IReadOnlyList<string> Problems => _catalog.Problems;

    /// <summary>Names of objects in the folder that CloudTicks did not write.</summary>
    public IReadOnlyList<string> Foreign => _catalog.Foreign;

    /// <summary>Reads the manifests of a lake in a folder or an object store.</summary>
    /// <exception cref="LakeException">A later version of this program wrote them.</exception>
    /// <exception cref="IOException">The lake cannot be read.</exception>
    public static async Task<LakeInventory> ReadAsync(
        string folder, TimeProvider time, CancellationToken cancellationToken)
    {
        var store = LakeStores.Open(folder, null, LakeStores.DefaultCacheBytes, Environment.GetEnvironmentVariable, time);
        return new LakeInventory(folder, await LakeCatalog.ReadAsync(store, cancellationToken));
    }

    /// <summary>Counts the records of the archive that are not in the lake.</summary>
    /// <exception cref="EventStreamException">The event hub does not answer.</exception>
    public async Task<long> LagAsync(ArchiveReader archive, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(archive);
        var stream = await archive.IdentifyAsync(cancellationToken);
        var ends = await archive.WatermarksAsync(cancellationToken);
        return ends.Sum(end => Math.Max(0, end.High - Math.Max(end.Low, _catalog.Positions.NextOf(stream, end.Partition))));
    }
}
