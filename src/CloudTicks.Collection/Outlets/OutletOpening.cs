using CloudTicks.Collection.Storage;

namespace CloudTicks.Collection.Outlets;

/// <summary>Opens the outlet that the settings name: the event hub, or a server that takes ticks over HTTP.</summary>
internal sealed class OutletOpening(EventHubOpening eventHub, DbServerOpening dbServer)
{
    /// <summary>Opens it; waits for an event hub for as long as it takes.</summary>
    /// <exception cref="CollectorException">The archive holds ticks of another feed.</exception>
    public Task<Outlet> OpenAsync(CollectorOptions options, DataFolder folder, CancellationToken cancellationToken) =>
        options.DbServer is { Length: > 0 } server
            ? Task.FromResult(dbServer.Open(server, folder))
            : eventHub.OpenAsync(options, folder, cancellationToken);
}
