using Microsoft.AspNetCore.Http;

namespace CloudTicks.Functions.Access;

/// <summary>Every caller needs a key on Azure Functions: its runtime passes the world's requests to a worker on loopback.</summary>
public sealed class LocalCallers
{
    /// <summary>Always: everybody needs a key.</summary>
    public bool AreNone { get; } = true;

    /// <summary>Whether a request needs no key.</summary>
    public bool Include(HttpRequest request) => !AreNone && request is not null;
}
