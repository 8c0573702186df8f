using CloudTicks.CentralHub.Documents;
using CloudTicks.Functions.Configuring;
using Microsoft.AspNetCore.Http;

namespace CloudTicks.Functions.Rollouts;

/// <summary>Finds the service of the requested feature flags: <c>?service=</c>, by default the collectors.</summary>
public sealed class RolloutServices(HubServices services)
{
    internal const string Parameter = "service";

    /// <summary>Returns the document of the service that the request names.</summary>
    /// <exception cref="UnknownServiceException">There is no such service.</exception>
    /// <exception cref="Npgsql.NpgsqlException">The database does not answer.</exception>
    public async Task<ServiceDocument> ResolveAsync(HttpRequest request, CancellationToken cancellationToken) =>
        request.Query[Parameter] is { Count: > 0 } named
            ? await services.RequireAsync(named.ToString(), cancellationToken)
            : services.BuiltIn.WithRollouts;
}
