using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace ServiceDefaults.Access;

/// <summary>The callers that need no key: those that use a local host name while the service listens on loopback addresses only.</summary>
public sealed class KeylessCallers(IServer server, IOptions<ListeningOptions> options)
{
    /// <summary>Whether every caller needs a key: the settings demand it, or other machines can reach the service.</summary>
    public bool IsEmpty =>
        options.Value.RequireKeys || !LocalRule.IsLoopbackOnly(server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []);

    /// <summary>Whether a caller needs no key.</summary>
    /// <returns>False also for a request that a proxy forwarded.</returns>
    public bool Includes(HttpRequest request) => !IsEmpty && LocalRule.IsLocal(request);
}
