using Microsoft.AspNetCore.Http;
using ServiceDefaults.Access;

namespace CloudTicks.Functions.Access;

/// <summary>The callers that need no key in the container host. The rule is the same as in our other services.</summary>
public sealed class LocalCallers(KeylessCallers callers)
{
    /// <summary>Whether every caller needs a key.</summary>
    public bool IsEmpty => callers.IsEmpty;

    /// <summary>Returns whether a request needs no key.</summary>
    public bool Includes(HttpRequest request) => callers.Includes(request);
}
