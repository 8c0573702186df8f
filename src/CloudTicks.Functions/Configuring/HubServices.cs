using System.Collections.Concurrent;
using CloudTicks.CentralHub.Documents;
using CloudTicks.CentralHub.Store.Documents;

namespace CloudTicks.Functions.Configuring;

/// <summary>The services whose documents are in the central hub: built-in and registered ones.</summary>
public sealed class HubServices(DocumentCatalog catalog, DocumentDefaults defaults, ServiceTable table)
{
    /// <summary>The parsed schemas by service, bounded by the number of services.</summary>
    private readonly ConcurrentDictionary<string, (string Schema, string Defaults, ServiceDocument Document)> _parsed = new();

    /// <summary>The built-in services.</summary>
    public DocumentCatalog BuiltIn => catalog;

    /// <summary>Returns the document of a service.</summary>
    /// <exception cref="UnknownServiceException">There is no such service.</exception>
    /// <exception cref="Npgsql.NpgsqlException">The database does not answer; built-in services do not need it.</exception>
    public async Task<ServiceDocument> RequireAsync(string? service, CancellationToken cancellationToken) =>
        catalog.Find(service) ?? Of(service, await FindAsync(service, cancellationToken));

    /// <summary>Finds a registered service; null when none has this name.</summary>
    /// <exception cref="Npgsql.NpgsqlException">The database does not answer.</exception>
    public async Task<RegisteredService?> FindAsync(string? service, CancellationToken cancellationToken) =>
        ServiceRegistration.IsName(service) ? await table.FindAsync(service!, cancellationToken) : null;

    /// <summary>Returns the document of a service, given its registration.</summary>
    /// <exception cref="UnknownServiceException">There is no such service.</exception>
    public ServiceDocument Of(string? service, RegisteredService? registered)
    {
        if (catalog.Find(service) is { } own)
        {
            return own;
        }

        if (registered is null)
        {
            _parsed.TryRemove(service ?? "", out _);
            throw new UnknownServiceException(service, catalog);
        }

        if (_parsed.TryGetValue(registered.Service, out var read) && read.Schema == registered.Schema
            && read.Defaults == registered.Defaults)
        {
            return read.Document;
        }

        var document = new ServiceDocument(new RegisteredDefinition(registered.Service, registered.Schema, registered.Defaults));
        _parsed[registered.Service] = (registered.Schema, registered.Defaults, document);
        return document;
    }

    /// <summary>Returns the document in force, given its newest version and registration.</summary>
    /// <exception cref="UnknownServiceException">There is no such service.</exception>
    public StoredDocument InForce(string service, ConfigVersion? newest, RegisteredService? registered) =>
        newest is not null && (registered is not null || catalog.Find(service) is not null) ? new StoredDocument(newest)
            : DefaultsOf(service, registered);

    /// <summary>Returns the document as it was before its first change.</summary>
    /// <exception cref="UnknownServiceException">There is no such service.</exception>
    public StoredDocument DefaultsOf(string service, RegisteredService? registered) =>
        catalog.Find(service) is not null ? defaults.Of(service)
            : registered is not null ? StoredDocument.OfDefaults(service, registered.Defaults)
            : throw new UnknownServiceException(service, catalog);
}
