using CloudTicks.Lake.Storage;

namespace CloudTicks.Lake.Objects;

/// <summary>The few object store operations that a lake needs. Names are relative to the lake's prefix.</summary>
internal interface IObjectContainer
{
    /// <summary>The location for messages, without secrets.</summary>
    public string Location { get; }

    /// <summary>Lists the objects whose names start with a prefix.</summary>
    /// <exception cref="IOException">The store does not answer, or refuses the request.</exception>
    public Task<IReadOnlyList<StoredObject>> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Writes an object if the name is not in use (<c>If-None-Match: *</c>).</summary>
    /// <returns>False if the name is in use.</returns>
    /// <exception cref="IOException">The store does not answer, or refuses the request.</exception>
    public Task<bool> TryPutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Uploads a local file as an object.</summary>
    /// <exception cref="IOException">The store does not answer, or refuses the request.</exception>
    public Task PutFileAsync(string name, string path, CancellationToken cancellationToken);

    /// <summary>Reads a part of an object. The result is shorter if the object ends earlier.</summary>
    /// <exception cref="FileNotFoundException">The object does not exist.</exception>
    /// <exception cref="IOException">The store does not answer, or refuses the request.</exception>
    public Task<byte[]> GetAsync(string name, long offset, int length, CancellationToken cancellationToken);

    /// <summary>Downloads an object to a local file.</summary>
    /// <exception cref="FileNotFoundException">The object does not exist.</exception>
    /// <exception cref="IOException">The store does not answer, or refuses the request.</exception>
    public Task DownloadAsync(string name, string path, CancellationToken cancellationToken);

    /// <summary>Deletes an object, if it exists.</summary>
    /// <exception cref="IOException">The store does not answer, or refuses the request.</exception>
    public Task DeleteAsync(string name, CancellationToken cancellationToken);
}
