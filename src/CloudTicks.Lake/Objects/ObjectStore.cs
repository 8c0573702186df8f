using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using CloudTicks.Lake.Storage;

namespace CloudTicks.Lake.Objects;

/// <summary>
/// A lake in an object store. Files are written locally and uploaded; readers get whole files from <see cref="LakeFileCache"/>. Each name
/// is written only once, manifests with a conditional put, so that an object never changes while it is read.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The caller of TryLockAsync disposes of the lease.")]
internal sealed class ObjectStore(IObjectContainer container, LakeFileCache cache, string temporaryFolder, TimeProvider time) : ILakeStore
{
    private const string ProbeStem = "_probe-";

    private readonly ObjectLease _lease = new(container, ObjectLease.WriterStem, time);
    private ObjectImport? _import;
    private bool _isProbed;
    private bool _isWriter;

    public string Location => container.Location;

    /// <summary>The folder for data that DuckDB spills, and for files that are not uploaded yet.</summary>
    public string TemporaryFolder => temporaryFolder;

    /// <summary>
    /// How long files that no manifest names are kept: a writer whose lease has expired may still be writing the manifest that names them.
    /// </summary>
    public TimeSpan LeftoverGrace => TimeSpan.FromHours(1);

    public bool IsLockRequested => false;

    public async Task<IDisposable?> TryLockAsync(CancellationToken cancellationToken)
    {
        await ProbeAsync(cancellationToken);
        if (!await _lease.TryAcquireAsync(cancellationToken))
        {
            return null;
        }

        if (Directory.Exists(temporaryFolder))
        {
            Directory.Delete(temporaryFolder, recursive: true);
        }

        _isWriter = true;
        return _lease;
    }

    /// <summary>
    /// Always succeeds, but has no effect: a request cannot reach the holder, whose lease expires some minutes after the holder stops.
    /// </summary>
    public IDisposable? TryRequestLock() => NoLock.Instance;

    public string ImportFolder => temporaryFolder + "-import";

    public async Task<IAsyncDisposable?> TryBeginImportAsync(CancellationToken cancellationToken)
    {
        await ProbeAsync(cancellationToken);
        var lease = new ObjectLease(container, ObjectLease.ImportStem, time);
        return await lease.TryAcquireAsync(cancellationToken) ? _import = new ObjectImport(lease, Location, time) : null;
    }

    /// <summary>
    /// Checks that no import is running, but does not prevent a later one: <see cref="LeftoverGrace"/> protects the files of an import that
    /// begins during the cleanup.
    /// </summary>
    public async Task<IDisposable?> TryLockImportsAsync(CancellationToken cancellationToken) =>
        (await ReadImportsAsync(cancellationToken)).IsRunning ? null : NoLock.Instance;

    public async Task<ImportMark> ReadImportsAsync(CancellationToken cancellationToken)
    {
        using var lease = new ObjectLease(container, ObjectLease.ImportStem, time);
        var (number, isHeld) = await lease.ReadAsync(cancellationToken);
        return new ImportMark(number.ToString(CultureInfo.InvariantCulture), isHeld);
    }

    public async Task<IReadOnlyList<StoredObject>> ListAsync(string prefix, CancellationToken cancellationToken) =>
    [
        .. (await container.ListAsync(prefix, cancellationToken)).Where(found =>
            !found.Name.StartsWith(ObjectLease.WriterStem, StringComparison.Ordinal)
            && !found.Name.StartsWith(ObjectLease.ImportStem, StringComparison.Ordinal)
            && !found.Name.StartsWith(ProbeStem, StringComparison.Ordinal)),
    ];

    public async Task<bool> TryPutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await EnsureLeaseAsync(cancellationToken);
        return await container.TryPutAsync(name, content, cancellationToken);
    }

    public string BeginFile(string name)
    {
        var path = UnfinishedPathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    public async Task<long> PutFileAsync(string name, CancellationToken cancellationToken)
    {
        await EnsureLeaseAsync(cancellationToken);
        var path = UnfinishedPathOf(name);
        var bytes = new FileInfo(path).Length;
        await container.PutFileAsync(name, path, cancellationToken);
        cache.Add(name, path);
        return bytes;
    }

    public void AbandonFile(string name)
    {
        try
        {
            File.Delete(UnfinishedPathOf(name));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // The next process that acquires the lock deletes the file.
        }
    }

    public Task<byte[]> GetAsync(string name, long offset, int length, CancellationToken cancellationToken) =>
        container.GetAsync(name, offset, length, cancellationToken);

    public Task<string> FetchAsync(string name, long bytes, CancellationToken cancellationToken) =>
        cache.GetAsync(name, bytes, path => container.DownloadAsync(name, path, cancellationToken));

    public string LocalPathOf(string name) => cache.PathOf(name);

    public async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        await EnsureLeaseAsync(cancellationToken);
        await container.DeleteAsync(name, cancellationToken);
        cache.Remove(name);
    }

    /// <summary>
    /// Returns the local path of an unfinished file. Imports use a separate folder, because a writer on the same machine may empty
    /// <see cref="TemporaryFolder"/>.
    /// </summary>
    private string UnfinishedPathOf(string name) =>
        Path.Combine(_import is null ? temporaryFolder : ImportFolder, name.Replace('/', '~') + FolderStore.UnfinishedEnding);

    /// <summary>Checks the lease of an import, or renews the writer's lease. A command that writes a proof has no lease.</summary>
    private Task EnsureLeaseAsync(CancellationToken cancellationToken)
    {
        _import?.EnsureHeld();
        return _isWriter ? _lease.EnsureAsync(cancellationToken) : Task.CompletedTask;
    }

    /// <summary>
    /// Checks that the store supports conditional puts; without them two writers would overwrite each other's manifests.
    /// </summary>
    private async Task ProbeAsync(CancellationToken cancellationToken)
    {
        if (_isProbed)
        {
            return;
        }

        var name = $"{ProbeStem}{Guid.NewGuid():N}";
        var isOverwritten = await container.TryPutAsync(name, "1"u8.ToArray(), cancellationToken)
            && await container.TryPutAsync(name, "2"u8.ToArray(), cancellationToken);
        await container.DeleteAsync(name, cancellationToken);
        _isProbed = !isOverwritten ? true : throw new LakeException(
            $"{container.Location} overwrites an object in spite of 'If-None-Match: *', so that two writers could lose ticks. Use a store "
            + "with conditional writes, such as Amazon S3, Azure Blob Storage, MinIO or Ceph of a recent version, or a folder.");
    }
}
