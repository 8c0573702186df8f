using CloudTicks.CentralHub.Store.Documents;

namespace CloudTicks.Functions.Configuring;

/// <summary>Reads documents. Eight at a time ask the database, so that a crowd woken by one change leaves connections to others.</summary>
/// <param name="defaults">The documents before them.</param>
public sealed class DocumentReader(ConfigHistory history, DocumentDefaults defaults) : IDisposable
{
    private readonly SemaphoreSlim _places = new(8);

    /// <summary>The document in force.</summary>
    /// <exception cref="Npgsql.NpgsqlException">The database does not answer.</exception>
    public async Task<StoredDocument> NewestAsync(string service, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            return Of(service, await history.NewestAsync(service, cancellationToken));
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>One version.</summary>
    /// <param name="version">Its number, 0 for the defaults.</param>
    /// <exception cref="Npgsql.NpgsqlException">The database does not answer.</exception>
    public async Task<StoredDocument?> FindAsync(string service, int version, CancellationToken cancellationToken) =>
        version == 0 ? defaults.Of(service) : await history.FindAsync(service, version, cancellationToken) is { } found
            ? new StoredDocument(found) : null;

    /// <inheritdoc/>
    public void Dispose() => _places.Dispose();

    internal StoredDocument Of(string service, ConfigVersion? newest) => newest is null ? defaults.Of(service) : new StoredDocument(newest);
}
