namespace Microsoft.Azure.Functions.Worker;

/// <summary>Marks a parameter that receives an HTTP request; the function's result is the response.</summary>
/// <param name="methods">The accepted methods; all if none is named.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class HttpTriggerAttribute(AuthorizationLevel authLevel, params string[] methods) : Attribute
{
    /// <summary>Who may call the function.</summary>
    public AuthorizationLevel AuthLevel { get; } = authLevel;

    /// <summary>The accepted methods; all if none is named.</summary>
    public string[] Methods { get; } = methods;

    /// <summary>The path after the route prefix of <c>host.json</c>; the function's name if not set.</summary>
    public string? Route { get; set; }
}
