using CloudTicks.CentralHub.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Functions.Access;

/// <summary>Lets through who may, and tells the functions who it is.</summary>
public sealed class Gate(ILogger<Gate> logger)
{
    private static readonly Caller Local = new("local", AccessRole.Writer);

    /// <summary>Serves a request of somebody who may do as much as a role.</summary>
    /// <param name="request">The request.</param>
    /// <param name="role">What is asked for.</param>
    /// <param name="serve">Serves it; told who asks.</param>
    /// <returns>The answer; a refusal when he may not.</returns>
    public Task<IActionResult> ServeAsync(HttpRequest request, AccessRole role, Func<Caller, Task<IActionResult>> serve)
    {
        ArgumentNullException.ThrowIfNull(serve);
        logger.LetThrough(Local.Name, role);
        return serve(Local);
    }
}
