using CloudTicks.Foundations;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.Lake.Storage;

/// <summary>
/// A lake in a folder. A file is written under a temporary name, flushed and renamed, and its folder is flushed, so that after a power cut
/// a file is either complete or does not exist.
/// </summary>
internal sealed class FolderStore(string folder, Disk disk) : ILakeStore
{
    internal const string UnfinishedEnding = ".tmp";

    private const string LockName = "_lock";
    private const string RequestName = "_lock-request";
    private const string ImportLockName = "_import-lock";
    private const string ImportMarkName = "_import-mark";
    private const string TemporaryName = "_temporary";

    private static readonly EnumerationOptions AllFiles =
        new() { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = true };

    /// <summary>Folders whose directory entries this process has flushed. Used by one writer at a time.</summary>
    private readonly HashSet<string> _durableFolders = new(StringComparer.Ordinal);

    public string Location => folder;

    /// <summary>The folder for data that DuckDB spills while it writes a file; emptied when the lock is acquired.</summary>
    public string TemporaryFolder => Path.Combine(folder, TemporaryName);

    public string ImportFolder => TemporaryFolder + "-import";

    /// <summary>Zero: the lock is free only after its holder has released it or ended, so no other process can still be writing.</summary>
    public TimeSpan LeftoverGrace => TimeSpan.Zero;

    public Task<IDisposable?> TryLockAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(TryLock());
    }

    public IDisposable? TryLock()
    {
        disk.CreatePrivateFolder(folder);
        var acquired = FolderLock.TryTake(Path.Combine(folder, LockName));
        if (acquired is not null && Directory.Exists(TemporaryFolder))
        {
            disk.DeleteFolder(TemporaryFolder);
        }

        return acquired;
    }

    public IDisposable? TryRequestLock()
    {
        disk.CreatePrivateFolder(folder);
        return FolderLock.TryTake(Path.Combine(folder, RequestName));
    }

    public bool IsLockRequested => FolderLock.IsHeld(Path.Combine(folder, RequestName));

    public Task<IAsyncDisposable?> TryBeginImportAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (TryLockImports() is not { } acquired)
        {
            return Task.FromResult<IAsyncDisposable?>(null);
        }

        try
        {
            // The mark is written before the first commit, so that the writer notices even an import that is killed later.
            File.WriteAllText(Path.Combine(folder, ImportMarkName), Guid.NewGuid().ToString("N"));
            return Task.FromResult<IAsyncDisposable?>(new FolderImport(acquired));
        }
        catch
        {
            acquired.Dispose();
            throw;
        }
    }

    public Task<IDisposable?> TryLockImportsAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<IDisposable?>(TryLockImports());
    }

    public Task<ImportMark> ReadImportsAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(
            FolderLock.IsHeld(Path.Combine(folder, ImportLockName)) ? new ImportMark("", IsRunning: true) : ReadMark());
    }

    public Task<IReadOnlyList<StoredObject>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        var found = new List<StoredObject>();
        var startFolder = new DirectoryInfo(Path.Combine(folder, prefix[..(prefix.LastIndexOf('/') + 1)]));
        if (startFolder.Exists)
        {
            foreach (var file in startFolder.EnumerateFiles("*", AllFiles))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var name = Path.GetRelativePath(folder, file.FullName).Replace('\\', '/');
                if (name is not (LockName or RequestName or ImportLockName or ImportMarkName)
                    && !name.StartsWith(TemporaryName, StringComparison.Ordinal) && name.StartsWith(prefix, StringComparison.Ordinal)
                    && TrySize(file) is { } bytes)
                {
                    found.Add(new StoredObject(name, bytes));
                }
            }
        }

        return Task.FromResult<IReadOnlyList<StoredObject>>(found);
    }

    public Task<bool> TryPutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var path = LocalPathOf(name);
        var parent = Path.GetDirectoryName(path)!;
        MakeDurable(parent);
        // The temporary name is random, because two writers may write the same name at the same time.
        var unfinished = $"{path}.{Guid.NewGuid():N}{UnfinishedEnding}";
        try
        {
            using (var file = disk.Open(unfinished))
            {
                file.Write(0, content);
                file.Flush();
            }

            if (!disk.MoveIfAbsent(unfinished, path))
            {
                disk.Delete(unfinished);
                return Task.FromResult(false);
            }
        }
        catch (IOException)
        {
            TryDelete(unfinished);
            throw;
        }

        disk.FlushFolder(parent);
        return Task.FromResult(true);
    }

    public string BeginFile(string name)
    {
        var unfinished = LocalPathOf(name) + UnfinishedEnding;
        MakeDurable(Path.GetDirectoryName(unfinished)!);
        return unfinished;
    }

    public Task<long> PutFileAsync(string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var path = LocalPathOf(name);
        long bytes;
        using (var file = disk.Open(path + UnfinishedEnding))
        {
            file.Flush();
            bytes = file.Length;
        }

        disk.Move(path + UnfinishedEnding, path);
        disk.FlushFolder(Path.GetDirectoryName(path)!);
        return Task.FromResult(bytes);
    }

    public void AbandonFile(string name) => TryDelete(LocalPathOf(name) + UnfinishedEnding);

    public Task<byte[]> GetAsync(string name, long offset, int length, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var file = disk.OpenToRead(LocalPathOf(name));
        var bytes = new byte[Math.Max(0, Math.Min(length, file.Length - offset))];
        return Task.FromResult(bytes[..file.Read(offset, bytes)]);
    }

    public Task<string> FetchAsync(string name, long bytes, CancellationToken cancellationToken) =>
        Task.FromResult(Path.GetFullPath(LocalPathOf(name)));

    public string LocalPathOf(string name) => Path.Combine(folder, name);

    public Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        disk.Delete(LocalPathOf(name));
        return Task.CompletedTask;
    }

    private FolderLock? TryLockImports()
    {
        disk.CreatePrivateFolder(folder);
        return FolderLock.TryTake(Path.Combine(folder, ImportLockName));
    }

    private ImportMark ReadMark()
    {
        var path = Path.Combine(folder, ImportMarkName);
        try
        {
            return new ImportMark(File.Exists(path) ? File.ReadAllText(path) : "", IsRunning: false);
        }
        catch (IOException)
        {
            // A starting import is writing the file.
            return new ImportMark("", IsRunning: true);
        }
    }

    /// <summary>
    /// Creates a folder durably. Existing folders are also flushed: a killed process may have created one without flushing its directory
    /// entry.
    /// </summary>
    private void MakeDurable(string path)
    {
        if (_durableFolders.Contains(path))
        {
            return;
        }

        disk.CreatePrivateFolder(path);
        for (var created = path; created.Length > folder.Length; created = Path.GetDirectoryName(created)!)
        {
            disk.FlushFolder(Path.GetDirectoryName(created)!);
        }

        _durableFolders.Add(path);
    }

    private void TryDelete(string path)
    {
        try
        {
            disk.Delete(path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // The next writer that opens the lake deletes the file.
        }
    }

    /// <summary>The size of a file; null if it was deleted while the folder was being listed.</summary>
    private static long? TrySize(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
