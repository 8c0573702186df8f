using CloudTicks.EventStream;
using CloudTicks.Lake.Manifests;
using CloudTicks.Lake.Native;
using CloudTicks.Lake.Storage;
using CloudTicks.Lake.Writing;

namespace CloudTicks.Lake.Comparing;

/// <summary>
/// Compares the lake's files with the archive, tick by tick, by identity. The comparison takes no lock: if files are merged while it runs,
/// it reads the new files. Days without a difference are recorded in a <see cref="LakeProof"/>, and skipped until they change.
/// </summary>
public sealed class LakeComparison
{
    private readonly ILakeStore _store;
    private readonly ArchiveReader _archive;
    private readonly DuckDbSettings _settings;
    private readonly TimeProvider _time;

    internal LakeComparison(ILakeStore store, ArchiveReader archive, DuckDbSettings settings, TimeProvider time) =>
        (_store, _archive, _settings, _time) = (store, archive, settings, time);

    /// <summary>Creates a comparison of the lake in a folder or at an address.</summary>
    /// <param name="settings">The limits of DuckDB, which spills to its temporary folder.</param>
    public static LakeComparison Of(string folder, ArchiveReader archive, DuckDbSettings settings, TimeProvider time) =>
        new(
            LakeStores.Open(folder, null, LakeStores.DefaultCacheBytes, Environment.GetEnvironmentVariable, time), archive, settings, time);

    /// <summary>Runs the comparison.</summary>
    /// <param name="selection">The days to compare.</param>
    /// <param name="progress">Receives the progress, 0 to 1.</param>
    /// <param name="cancellationToken">Cancels the comparison; nothing is stored.</param>
    /// <exception cref="LakeException">The archive has lost records, or a later version of this program wrote the lake.</exception>
    /// <exception cref="EventStreamException">The event hub does not answer.</exception>
    /// <exception cref="DuckDbException">The memory and temporary folder are too small.</exception>
    /// <exception cref="DllNotFoundException">libduckdb is not installed; the message says what to do.</exception>
    /// <exception cref="IOException">The lake cannot be read.</exception>
    public async Task<LakeComparisonResult> RunAsync(
        LakeSelection selection, Action<double>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(selection);
        DuckDbLibrary.EnsureLoaded();
        var stream = await _archive.IdentifyAsync(cancellationToken);
        // Read the lake before the archive's ends, so that the archive contains everything that the lake claims to have.
        var catalog = await LakeCatalog.ReadAsync(_store, cancellationToken);
        var bounds = new ArchiveBounds(stream, await _archive.WatermarksAsync(cancellationToken), catalog.Positions);
        var result = new LakeComparisonResult
        {
            IsFromAnotherArchive = catalog.Days.Count > 0 && !catalog.Positions.Next.ContainsKey(stream)
                && !catalog.Days.Values.Any(day => day.Manifest.Covered.ContainsKey(stream)),
        };
        if (result.IsFromAnotherArchive)
        {
            return result;
        }

        using var database = DuckDbDatabase.Open(_settings);
        using var connection = database.Connect();
        Files.TickHashFunction.Register(connection);
        var proof = await LakeProof.ReadAsync(_store, cancellationToken);
        var run = new ComparisonRun(_store, _archive, connection, bounds, proof, selection, result) { Progress = progress };
        await run.RunAsync(catalog, cancellationToken);
        try
        {
            await LakeProof.PutAsync(_store, before => run.Prove(before, _time.GetUtcNow()), cancellationToken);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            result.ProofProblem = refused.Message;
        }

        return result;
    }
}
