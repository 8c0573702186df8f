namespace CloudTicks.Lake.Storage;

/// <summary>
/// Where the files of the lake are: a folder, or a container of an object store. Names are relative, with slashes. A name is written once
/// and never changes its content, which is all that object stores can promise.
/// </summary>
public interface ILakeStore
{
    /// <summary>The location, for people.</summary>
    public string Location { get; }

    /// <summary>For what does not fit into memory while a file is written; emptied when the lock is taken.</summary>
    public string TemporaryFolder { get; }

    /// <summary>How old a file that no manifest names must be before the holder of the lock deletes it.</summary>
    public TimeSpan LeftoverGrace { get; }

    /// <summary>Takes the right to write and to clean up.</summary>
    /// <returns>Releases it when disposed; null while another process has it.</returns>
    /// <exception cref="LakeException">The store cannot hold a lake.</exception>
    /// <exception cref="IOException">The store does not answer, or refuses.</exception>
    public Task<IDisposable?> TryLockAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Asks the process that holds the lock to release it after its round, and to stay without it until this is disposed of.
    /// </summary>
    /// <returns>Null while another process asks.</returns>
    public IDisposable? TryRequestLock();

    /// <summary>Whether another process asks for the lock.</summary>
    public bool IsLockRequested { get; }

    /// <summary>Takes the right to import, which is beside the one to write: what an import has prepared is not to be cleaned up.</summary>
    /// <returns>Releases it when disposed; null while another process has it.</returns>
    public IDisposable? TryLockImports();

    /// <summary>The objects whose names begin so; empty for all.</summary>
    public Task<IReadOnlyList<StoredObject>> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Writes a small object, durably.</summary>
    /// <returns>False when the name is taken: another writer was first.</returns>
    public Task<bool> TryPutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>A local path to which the content of a large object is written before <see cref="PutFileAsync"/>.</summary>
    public string BeginFile(string name);

    /// <summary>Gives the file of <see cref="BeginFile"/> its name, durably. The name is new: it holds a random number.</summary>
    /// <returns>Its size in bytes.</returns>
    public Task<long> PutFileAsync(string name, CancellationToken cancellationToken);

    /// <summary>Discards the file of <see cref="BeginFile"/>, if it exists.</summary>
    public void AbandonFile(string name);

    /// <summary>Reads a part of an object, less where it ends before.</summary>
    /// <exception cref="IOException">It cannot be read, or does not exist.</exception>
    public Task<byte[]> GetAsync(string name, long offset, int length, CancellationToken cancellationToken);

    /// <summary>The local path under which a reader of Parquet opens an object, which is downloaded where it must be.</summary>
    /// <param name="bytes">Its size.</param>
    /// <exception cref="LakeException">The local cache has no room for it.</exception>
    /// <exception cref="IOException">It cannot be read, or does not exist.</exception>
    public Task<string> FetchAsync(string name, long bytes, CancellationToken cancellationToken);

    /// <summary>The local path of an object; in an object store it holds the content after <see cref="FetchAsync"/>.</summary>
    public string AddressOf(string name);

    /// <summary>Deletes an object, if it exists.</summary>
    public Task DeleteAsync(string name, CancellationToken cancellationToken);
}
