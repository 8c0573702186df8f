using Microsoft.AspNetCore.Http;

namespace CloudTicks.Functions.Access;

/// <summary>On Azure Functions every caller needs a key: the runtime forwards all requests to the worker over loopback.</summary>
public sealed class LocalCallers
{
    /// <summary>Always true: every caller needs a key.</summary>
    public bool IsEmpty { get; } = true;

    /// <summary>Returns whether a request needs no key.</summary>
    public bool Includes(HttpRequest request) => !IsEmpty && request is not null;
}
