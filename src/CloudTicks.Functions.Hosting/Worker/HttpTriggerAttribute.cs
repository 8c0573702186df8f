namespace Microsoft.Azure.Functions.Worker;

/// <summary>The parameter is a request over HTTP, which the function answers.</summary>
/// <param name="methods">The methods that are served, all when none is named.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class HttpTriggerAttribute(AuthorizationLevel authLevel, params string[] methods) : Attribute
{
    /// <summary>Who may call.</summary>
    public AuthorizationLevel AuthLevel { get; } = authLevel;

    /// <summary>The methods that are served, all when none is named.</summary>
    public string[] Methods { get; } = methods;

    /// <summary>The path behind the route prefix of <c>host.json</c>; the function's name when there is none.</summary>
    public string? Route { get; set; }
}
