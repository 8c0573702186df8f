namespace Microsoft.Azure.Functions.Worker;

/// <summary>The parameter receives an HTTP request, which the function responds to.</summary>
/// <param name="methods">The accepted methods; all if none is named.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class HttpTriggerAttribute(AuthorizationLevel authLevel, params string[] methods) : Attribute
{
    /// <summary>Who may call.</summary>
    public AuthorizationLevel AuthLevel { get; } = authLevel;

    /// <summary>The accepted methods; all if none is named.</summary>
    public string[] Methods { get; } = methods;

    /// <summary>The path after the route prefix of <c>host.json</c>; the function's name if not set.</summary>
    public string? Route { get; set; }
}
