using CloudTicks.Collection.Storage;

namespace CloudTicks.Collection.Outlets;

/// <summary>Creates the configured outlet: the event hub, or a server that receives ticks over HTTP.</summary>
internal sealed class OutletFactory(EventHubOutletFactory eventHub, DbServerOutletFactory dbServer)
{
    /// <summary>Creates the outlet, after waiting for the event hub if it is the destination.</summary>
    /// <exception cref="CollectorException">
    /// The archive holds ticks of another feed, the server's address is invalid, or the folder cannot be used.
    /// </exception>
    public Task<Outlet> OpenAsync(CollectorOptions options, DataFolder folder, CancellationToken cancellationToken) =>
        options.DbServer is { Length: > 0 } server
            ? Task.FromResult(dbServer.Open(server, folder))
            : eventHub.OpenAsync(options, folder, cancellationToken);
}
