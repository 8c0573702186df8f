using Microsoft.AspNetCore.Http;

namespace CloudTicks.Functions.Access;

/// <summary>
/// Who needs no key on Azure Functions: nobody. There the runtime passes requests of the whole world on to a worker that listens on
/// loopback.
/// </summary>
public sealed class LocalCallers
{
    /// <summary>Always: everybody needs a key.</summary>
    public bool AreNone { get; } = true;

    /// <summary>Whether a request needs no key.</summary>
    public bool Include(HttpRequest request) => !AreNone && request is not null;
}
