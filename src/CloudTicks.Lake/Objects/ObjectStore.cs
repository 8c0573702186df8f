using System.Diagnostics.CodeAnalysis;
using CloudTicks.Lake.Storage;

namespace CloudTicks.Lake.Objects;

/// <summary>
/// A lake in an object store. Files are written locally and put; readers get whole files from <see cref="LakeFileCache"/>. A name is
/// written once, manifests by a conditional put, so that a reader never sees half of anything.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The caller of TryLockAsync disposes of the lease.")]
internal sealed class ObjectStore(IObjectContainer container, LakeFileCache cache, string temporaryFolder, TimeProvider time) : ILakeStore
{
    private const string ProbeStem = "_probe-";

    private readonly ObjectLease _lease = new(container, time);
    private bool _isProbed;
    private bool _isWriter;

    public string Location => container.Location;

    /// <summary>For what does not fit into memory while a file is written, and for files that are not put yet.</summary>
    public string TemporaryFolder => temporaryFolder;

    /// <summary>A writer whose lease ran out may still be putting a manifest: what it names stays for so long.</summary>
    public TimeSpan LeftoverGrace => TimeSpan.FromHours(1);

    public bool IsLockRequested => false;

    public async Task<IDisposable?> TryLockAsync(CancellationToken cancellationToken)
    {
        await ProbeAsync(cancellationToken);
        if (!await _lease.TryTakeAsync(cancellationToken))
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

    /// <summary>The holder cannot be asked: its lease expires some minutes after it has stopped.</summary>
    public IDisposable? TryRequestLock() => NoLock.Instance;

    /// <summary>Nothing imports into an object store.</summary>
    public IDisposable? TryLockImports() => NoLock.Instance;

    public async Task<IReadOnlyList<StoredObject>> ListAsync(string prefix, CancellationToken cancellationToken) =>
    [
        .. (await container.ListAsync(prefix, cancellationToken)).Where(found =>
            !found.Name.StartsWith(ObjectLease.Stem, StringComparison.Ordinal)
            && !found.Name.StartsWith(ProbeStem, StringComparison.Ordinal)),
    ];

    public async Task<bool> TryPutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await EnsureLeaseAsync(cancellationToken);
        return await container.TryPutAsync(name, content, cancellationToken);
    }

    public string BeginFile(string name)
    {
        Directory.CreateDirectory(temporaryFolder);
        return UnfinishedPathOf(name);
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
            // The next lock cleans it up.
        }
    }

    public Task<byte[]> GetAsync(string name, long offset, int length, CancellationToken cancellationToken) =>
        container.GetAsync(name, offset, length, cancellationToken);

    public Task<string> FetchAsync(string name, long bytes, CancellationToken cancellationToken) =>
        cache.GetAsync(name, bytes, path => container.DownloadAsync(name, path, cancellationToken));

    public string AddressOf(string name) => cache.PathOf(name);

    public async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        await EnsureLeaseAsync(cancellationToken);
        await container.DeleteAsync(name, cancellationToken);
        cache.Remove(name);
    }

    private string UnfinishedPathOf(string name) =>
        Path.Combine(temporaryFolder, name.Replace('/', '~') + FolderStore.UnfinishedEnding);

    /// <summary>A proof is stored by a command that reads; only what the lock protects needs the lease.</summary>
    private Task EnsureLeaseAsync(CancellationToken cancellationToken) =>
        _isWriter ? _lease.EnsureAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>A store that ignores the condition of a put would let two writers overwrite each other's manifests.</summary>
    private async Task ProbeAsync(CancellationToken cancellationToken)
    {
        if (_isProbed)
        {
            return;
        }

        var name = $"{ProbeStem}{Guid.NewGuid():N}";
        var isTaken = await container.TryPutAsync(name, "1"u8.ToArray(), cancellationToken)
            && await container.TryPutAsync(name, "2"u8.ToArray(), cancellationToken);
        await container.DeleteAsync(name, cancellationToken);
        _isProbed = !isTaken ? true : throw new LakeException(
            $"{container.Location} overwrites an object in spite of 'If-None-Match: *', so that two writers could lose ticks. Use a store "
            + "with conditional writes, such as Amazon S3, Azure Blob Storage, MinIO or Ceph of a recent version, or a folder.");
    }
}
