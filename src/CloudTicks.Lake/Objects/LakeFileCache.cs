using CloudTicks.Foundations;

namespace CloudTicks.Lake.Objects;

/// <summary>
/// Caches whole files of an object store in a local folder, because Parquet readers need local files. A name's content never changes. The
/// least recently used files are deleted if a new file would make the folder too large.
/// </summary>
internal sealed class LakeFileCache(string folder, long maxBytes, TimeProvider time)
{
    private const string UnfinishedSuffix = ".tmp";

    /// <summary>
    /// The minimum time for which a file is kept after its last use, because a query or another process may still read it.
    /// </summary>
    private static readonly TimeSpan MinIdleTime = TimeSpan.FromMinutes(30);

    public string Folder => folder;

    /// <summary>Returns the local path of a file, whether or not it is cached.</summary>
    public string PathOf(string name) => Path.Combine(folder, name);

    /// <summary>Returns the local path of a file, and downloads it if it is not cached.</summary>
    /// <param name="bytes">The file's size; a cached file of a different size is downloaded again.</param>
    /// <param name="download">Downloads the file to a path.</param>
    /// <exception cref="LakeException">The files in use leave no space for the file.</exception>
    public async Task<string> GetAsync(string name, long bytes, Func<string, Task> download)
    {
        var file = new FileInfo(PathOf(name));
        if (!file.Exists || file.Length != bytes)
        {
            MakeRoom(bytes);
            Directory.CreateDirectory(file.DirectoryName!);
            var unfinishedPath = $"{file.FullName}.{Guid.NewGuid():N}{UnfinishedSuffix}";
            try
            {
                await download(unfinishedPath);
                File.Move(unfinishedPath, file.FullName, overwrite: true);
            }
            finally
            {
                File.Delete(unfinishedPath);
            }
        }

        Touch(file.FullName);
        return file.FullName;
    }

    /// <summary>Moves a file that this process has just written into the cache, if there is room.</summary>
    public void Add(string name, string path)
    {
        if (new FileInfo(path).Length is var bytes && TryMakeRoom(bytes, out _))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
            File.Move(path, PathOf(name), overwrite: true);
            Touch(PathOf(name));
        }
    }

    /// <summary>Removes a file, if it is cached.</summary>
    public void Remove(string name)
    {
        try
        {
            File.Delete(PathOf(name));
        }
        catch (DirectoryNotFoundException)
        {
            // The file is not cached.
        }
    }

    private void MakeRoom(long bytes)
    {
        if (!TryMakeRoom(bytes, out var heldBytes))
        {
            throw new LakeException(
                $"The lake's cache in {folder} has no room for a file of {new ByteSize(bytes)}: {new ByteSize(heldBytes)} of at most "
                + $"{new ByteSize(maxBytes)} is in use. Raise Lake__CacheBytes.");
        }
    }

    private bool TryMakeRoom(long bytes, out long heldBytes)
    {
        heldBytes = 0;
        if (!Directory.Exists(folder))
        {
            return bytes <= maxBytes;
        }

        var files = new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories)
            .Select(file => (File: file, file.LastWriteTimeUtc, file.Length)).OrderBy(file => file.LastWriteTimeUtc).ToList();
        heldBytes = files.Sum(file => file.Length);
        foreach (var (file, used, length) in files)
        {
            if (heldBytes + bytes <= maxBytes || time.GetUtcNow() - used < MinIdleTime)
            {
                break;
            }

            file.Delete();
            heldBytes -= length;
        }

        return heldBytes + bytes <= maxBytes;
    }

    private void Touch(string path) => File.SetLastWriteTimeUtc(path, time.GetUtcNow().UtcDateTime);
}
