using CloudTicks.Lake.Storage;

namespace CloudTicks.Lake.Objects;

/// <summary>The few calls of an object store that a lake needs. Names are relative to the lake's prefix.</summary>
internal interface IObjectContainer
{
    /// <summary>The location, for people; without secrets.</summary>
    public string Location { get; }

    /// <summary>The objects whose names begin so.</summary>
    /// <exception cref="IOException">The store does not answer, or refuses.</exception>
    public Task<IReadOnlyList<StoredObject>> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Writes an object if its name is free (<c>If-None-Match: *</c>).</summary>
    /// <returns>False when the name is taken.</returns>
    /// <exception cref="IOException">The store does not answer, or refuses.</exception>
    public Task<bool> TryPutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Writes an object from a local file.</summary>
    /// <exception cref="IOException">The store does not answer, or refuses.</exception>
    public Task PutFileAsync(string name, string path, CancellationToken cancellationToken);

    /// <summary>Reads a part of an object, less where it ends before.</summary>
    /// <exception cref="FileNotFoundException">There is no such object.</exception>
    /// <exception cref="IOException">The store does not answer, or refuses.</exception>
    public Task<byte[]> GetAsync(string name, long offset, int length, CancellationToken cancellationToken);

    /// <summary>Writes an object into a local file.</summary>
    /// <exception cref="FileNotFoundException">There is no such object.</exception>
    /// <exception cref="IOException">The store does not answer, or refuses.</exception>
    public Task DownloadAsync(string name, string path, CancellationToken cancellationToken);

    /// <summary>Deletes an object, if it exists.</summary>
    /// <exception cref="IOException">The store does not answer, or refuses.</exception>
    public Task DeleteAsync(string name, CancellationToken cancellationToken);
}
