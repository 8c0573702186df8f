using CloudTicks.Lake.Files;
using CloudTicks.Lake.Manifests;
using CloudTicks.Lake.Merging;
using CloudTicks.Lake.Retaining;
using CloudTicks.Lake.Storage;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Lake.Writing;

/// <summary>The open lake of a writer: the lock, the catalog, and the objects that write, merge and drop files.</summary>
internal sealed class LakeWriterSession : IDisposable
{
    private readonly ILakeStore _store;
    private readonly IDisposable _lock;
    private ImportMark? _seenImports;

    private LakeWriterSession(
        ILakeStore store, IDisposable acquired, LakeCatalog catalog, ITickFiles files, LakeOptions options, TimeProvider time)
    {
        (_store, _lock, Catalog) = (store, acquired, catalog);
        Commits = new LakeCommits(store, catalog);
        Writer = new RoundWriter(store, catalog, Commits, files, time);
        Merger = new DayMerger(store, catalog, Commits, files, options, time);
        Retention = new LakeRetention(catalog, Commits, options, time);
    }

    public LakeCatalog Catalog { get; }

    public LakeCommits Commits { get; }

    public RoundWriter Writer { get; }

    public DayMerger Merger { get; }

    public LakeRetention Retention { get; }

    /// <summary>Opens the lake: deletes leftover files unless an import is running, and rolls back damaged manifests.</summary>
    /// <returns>The open lake; null while another process writes it.</returns>
    /// <exception cref="LakeException">A later version of this program wrote the lake.</exception>
    /// <exception cref="IOException">The store cannot be read or written.</exception>
    public static async Task<LakeWriterSession?> TryOpenAsync(
        ILakeStore store, ITickFiles files, LakeOptions options, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        if (await store.TryLockAsync(cancellationToken) is not { } acquired)
        {
            return null;
        }

        try
        {
            // Acquire the import lock before reading the catalog: the files of a running import would look like leftovers.
            using var importLock = await store.TryLockImportsAsync(cancellationToken);
            var catalog = await LakeCatalog.ReadAsync(store, cancellationToken);
            Report(store, catalog, logger);
            if (importLock is not null)
            {
                var maxCreatedMs = (time.GetUtcNow() - store.LeftoverGrace).ToUnixTimeMilliseconds();
                var leftovers = catalog.Leftovers
                    .Where(name => store.LeftoverGrace == TimeSpan.Zero || (PartName.CreatedMs(name) ?? 0) <= maxCreatedMs).ToList();
                await DeleteAsync(store, leftovers, cancellationToken);
                logger.LeftoversDeleted(leftovers.Count);
            }

            await new LakeCommits(store, catalog).RecoverAsync(cancellationToken);
            return new LakeWriterSession(store, acquired, catalog, files, options, time);
        }
        catch
        {
            acquired.Dispose();
            throw;
        }
    }

    /// <summary>Reads the manifests that concurrent imports have written since the last call.</summary>
    /// <exception cref="LakeConflictException">A new manifest is damaged: open the lake again.</exception>
    /// <exception cref="IOException">The store cannot be read.</exception>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var imports = await _store.ReadImportsAsync(cancellationToken);
        if (imports.IsRunning || imports != _seenImports)
        {
            await Catalog.RefreshAsync(_store, cancellationToken);
            _seenImports = imports;
        }
    }

    /// <summary>Deletes files that were merged or dropped in the previous round.</summary>
    public async Task DeleteReplacedAsync(CancellationToken cancellationToken)
    {
        foreach (var names in new[] { Merger.Merged, Retention.Dropped })
        {
            await DeleteAsync(_store, names, cancellationToken);
            names.Clear();
        }
    }

    /// <summary>Releases the lock.</summary>
    public void Dispose() => _lock.Dispose();

    private static async Task DeleteAsync(ILakeStore store, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        foreach (var name in names)
        {
            await store.DeleteAsync(name, cancellationToken);
        }
    }

    private static void Report(ILakeStore store, LakeCatalog catalog, ILogger logger)
    {
        var files = catalog.Days.Values.SelectMany(day => day.Manifest.Files).ToList();
        logger.LakeOpened(store.Location, files.Sum(file => file.Rows), files.Count);
        catalog.Problems.ForEach(logger.LakeDamaged);
        if (catalog.Foreign.Count > 0)
        {
            logger.ForeignFiles(catalog.Foreign.Count, store.Location, catalog.Foreign[0]);
        }

        if (catalog.Days.Values.Count(day => day.IsOutdated) is var outdated and > 0)
        {
            logger.LakeRecovered(outdated);
        }
    }
}
