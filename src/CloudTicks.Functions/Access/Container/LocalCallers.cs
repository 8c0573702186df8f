using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using ServiceDefaults.Access;

namespace CloudTicks.Functions.Access;

/// <summary>Who needs no key in the container host: whoever reaches it under a local name, while it listens on loopback addresses alone.</summary>
/// <param name="server">Tells where it listens: it knows also what a setting of its own added.</param>
public sealed class LocalCallers(IServer server)
{
    /// <summary>Whether everybody needs a key, because it listens on an address that other machines can reach.</summary>
    public bool AreNone => !LocalRule.IsLoopbackOnly(server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []);

    /// <summary>Whether a request needs no key.</summary>
    /// <param name="request">The request.</param>
    /// <returns>True when it does not.</returns>
    public bool Include(HttpRequest request) => !AreNone && LocalRule.IsLocal(request);
}
