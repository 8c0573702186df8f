using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ServiceDefaults.Access;

/// <summary>
/// Rejects requests, with or without a key, that a browser sends on behalf of a page of another origin. Other clients do not send the
/// headers that this rule checks.
/// </summary>
public static class PageRule
{
    private const string FetchSite = "Sec-Fetch-Site";
    private const string FetchMode = "Sec-Fetch-Mode";
    private const string FetchDestination = "Sec-Fetch-Dest";

    /// <summary>Returns why a request is rejected.</summary>
    /// <param name="takesLinks">
    /// Whether other sites may link here: the browser then opens the response in a window that the linking page cannot read.
    /// </param>
    /// <returns>The reason; null if the request is allowed.</returns>
    public static string? Refusal(HttpRequest request, bool takesLinks = false)
    {
        var headers = request.Headers;
        var isForeign = headers.TryGetValue(HeaderNames.Origin, out var origin)
            && !string.Equals(origin.ToString(), $"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase);
        isForeign |= headers.TryGetValue(FetchSite, out var site) && site.ToString() is not ("same-origin" or "none")
            && !(takesLinks && IsLink(request));
        return isForeign ? "A browser sent this request on behalf of a page from another origin, which is not allowed." : null;
    }

    private static bool IsLink(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && request.Headers[FetchMode] == "navigate" && request.Headers[FetchDestination] == "document";
}
