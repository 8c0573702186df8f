using CloudTicks.CentralHub.Store.Documents;

namespace CloudTicks.Functions.Configuring;

/// <summary>
/// Reads documents. At most eight reads of documents in force run at a time, so that connections remain for others when one change wakes
/// many followers.
/// </summary>
public sealed class DocumentReader(ConfigHistory history, HubServices services) : IDisposable
{
    private readonly SemaphoreSlim _slots = new(8);

    /// <summary>Reads the document in force.</summary>
    /// <exception cref="UnknownServiceException">The service no longer exists.</exception>
    /// <exception cref="Npgsql.NpgsqlException">The database does not answer.</exception>
    public async Task<StoredDocument> NewestAsync(string service, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            if (services.BuiltIn.Find(service) is not null)
            {
                return services.InForce(service, await history.NewestAsync(service, cancellationToken), registered: null);
            }

            var registered = await services.FindAsync(service, cancellationToken);
            return services.InForce(service, registered?.Newest, registered);
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Reads one version.</summary>
    /// <param name="version">The version, 0 for the defaults.</param>
    /// <returns>Null when there is no such version.</returns>
    /// <exception cref="UnknownServiceException">The service no longer exists.</exception>
    /// <exception cref="Npgsql.NpgsqlException">The database does not answer.</exception>
    public async Task<StoredDocument?> FindAsync(string service, int version, CancellationToken cancellationToken) =>
        version == 0 ? services.DefaultsOf(
                service, services.BuiltIn.Find(service) is null ? await services.FindAsync(service, cancellationToken) : null)
            : await history.FindAsync(service, version, cancellationToken) is { } found ? new StoredDocument(found)
            : null;

    /// <inheritdoc/>
    public void Dispose() => _slots.Dispose();
}
