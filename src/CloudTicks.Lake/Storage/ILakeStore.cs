namespace CloudTicks.Lake.Storage;

/// <summary>
/// The storage of a lake's files: a folder, or a container of an object store. Names are relative, with slashes. Each name is written
/// only once and its content never changes, so a store does not have to replace objects atomically.
/// </summary>
public interface ILakeStore
{
    /// <summary>The location, for messages.</summary>
    public string Location { get; }

    /// <summary>The folder for data that DuckDB spills while it writes a file; emptied when the lock is acquired.</summary>
    public string TemporaryFolder { get; }

    /// <summary>The minimum age at which the holder of the lock deletes a file that no manifest names.</summary>
    public TimeSpan LeftoverGrace { get; }

    /// <summary>Acquires the lock for writing and cleaning up.</summary>
    /// <returns>The lock, released when disposed; null while another process holds it.</returns>
    /// <exception cref="LakeException">The store cannot hold a lake.</exception>
    /// <exception cref="IOException">The store does not answer, or refuses the request.</exception>
    public Task<IDisposable?> TryLockAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Asks the process that holds the lock to release it after its current round, and not to acquire it again before the result is
    /// disposed of.
    /// </summary>
    /// <returns>The request; null while another process requests the lock.</returns>
    public IDisposable? TryRequestLock();

    /// <summary>Whether another process has requested the lock.</summary>
    public bool IsLockRequested { get; }

    /// <summary>The local folder for the sorted ticks of a file that is being imported.</summary>
    public string ImportFolder { get; }

    /// <summary>
    /// Begins an import and acquires the import lock, which is separate from the lock for writing. While an import runs, files that it has
    /// prepared are not cleaned up.
    /// </summary>
    /// <returns>The import, ended when disposed; null while another import runs.</returns>
    /// <exception cref="LakeException">The store cannot hold a lake.</exception>
    /// <exception cref="IOException">The store does not answer, or refuses the request.</exception>
    public Task<IAsyncDisposable?> TryBeginImportAsync(CancellationToken cancellationToken);

    /// <summary>Ensures that no import is running when the writer cleans up. In a folder, none can begin until the cleanup ends.</summary>
    /// <returns>The lock, released when disposed; null while an import runs.</returns>
    public Task<IDisposable?> TryLockImportsAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Reads which import began last and whether it is still running, so that the writer knows when to read the manifests again.
    /// </summary>
    public Task<ImportMark> ReadImportsAsync(CancellationToken cancellationToken);

    /// <summary>Lists the objects whose names start with a prefix; empty for all.</summary>
    public Task<IReadOnlyList<StoredObject>> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Writes a small object durably.</summary>
    /// <returns>False if the name is in use: another writer was first.</returns>
    public Task<bool> TryPutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Returns the local path to which the caller writes a large object before it calls <see cref="PutFileAsync"/>.</summary>
    public string BeginFile(string name);

    /// <summary>
    /// Stores the file of <see cref="BeginFile"/> under its name, durably. The name contains a random number, so it is not in use.
    /// </summary>
    /// <returns>The size of the file, bytes.</returns>
    public Task<long> PutFileAsync(string name, CancellationToken cancellationToken);

    /// <summary>Discards the file of <see cref="BeginFile"/>, if it exists.</summary>
    public void AbandonFile(string name);

    /// <summary>Reads a part of an object. The result is shorter if the object ends earlier.</summary>
    /// <exception cref="IOException">The object cannot be read, or does not exist.</exception>
    public Task<byte[]> GetAsync(string name, long offset, int length, CancellationToken cancellationToken);

    /// <summary>Returns a local path from which a Parquet reader can open an object, and downloads the object if necessary.</summary>
    /// <param name="bytes">The object's size, bytes.</param>
    /// <exception cref="LakeException">The local cache has no room for the object.</exception>
    /// <exception cref="IOException">The object cannot be read, or does not exist.</exception>
    public Task<string> FetchAsync(string name, long bytes, CancellationToken cancellationToken);

    /// <summary>The local path of an object. With an object store, the file may not exist before <see cref="FetchAsync"/>.</summary>
    public string LocalPathOf(string name);

    /// <summary>Deletes an object, if it exists.</summary>
    public Task DeleteAsync(string name, CancellationToken cancellationToken);
}
