namespace CloudTicks.CentralHub.Documents;

/// <summary>The documents that a hub serves, one for each declared service.</summary>
/// <param name="definitions">The services; their names must be unique.</param>
public sealed class DocumentCatalog(IEnumerable<IServiceDefinition> definitions)
{
    /// <summary>The documents, in the order in which their services were declared.</summary>
    public IReadOnlyList<ServiceDocument> All { get; } = [.. definitions.Select(definition => new ServiceDocument(definition))];

    /// <summary>The names of the services, for messages.</summary>
    public string Names => string.Join(", ", All.Select(document => document.Service));

    /// <summary>The document that the rollout routes serve: the document of the first service with rollouts of symbols.</summary>
    /// <exception cref="InvalidOperationException">No service has rollouts.</exception>
    public ServiceDocument WithRollouts =>
        All.FirstOrDefault(document => document.HasRollouts) ?? throw new InvalidOperationException("No service has rollouts of symbols.");

    /// <summary>Returns the document of a service.</summary>
    /// <returns>Null when the service does not exist.</returns>
    public ServiceDocument? Find(string? service) => All.FirstOrDefault(document => document.Service == service);
}
