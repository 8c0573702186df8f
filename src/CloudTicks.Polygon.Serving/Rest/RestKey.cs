using Microsoft.AspNetCore.Http;

namespace CloudTicks.Polygon.Serving.Rest;

/// <summary>Reads the key of a request: <c>Authorization: Bearer KEY</c>, or <c>apiKey</c> of the query.</summary>
internal static class RestKey
{
    public const string Parameter = "apiKey";

    private const string Scheme = "Bearer ";

    /// <summary>The key of a request; empty when there is none. The header takes precedence over the query.</summary>
    public static string Of(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? header[Scheme.Length..].Trim()
            : request.Query[Parameter].ToString();
    }

    /// <summary>The response to a request with a missing or unknown key.</summary>
    public static RestResponse Unknown() => RestResponse.Error(StatusCodes.Status401Unauthorized, "Unknown API Key");
}
