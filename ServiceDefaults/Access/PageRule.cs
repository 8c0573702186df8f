using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ServiceDefaults.Access;

/// <summary>Refuses what a browser sends for a page of another origin, with or without a key; others send no such headers.</summary>
public static class PageRule
{
    private const string FetchSite = "Sec-Fetch-Site";
    private const string FetchMode = "Sec-Fetch-Mode";
    private const string FetchDestination = "Sec-Fetch-Dest";

    /// <summary>Why a request is refused.</summary>
    /// <param name="takesLinks">
    /// Whether a click on a link may come from anywhere: the browser then shows the answer in a window that the other page cannot read.
    /// </param>
    /// <returns>A sentence; null when the request may pass.</returns>
    public static string? Refusal(HttpRequest request, bool takesLinks = false)
    {
        var headers = request.Headers;
        var isForeign = headers.TryGetValue(HeaderNames.Origin, out var origin)
            && !string.Equals(origin.ToString(), $"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase);
        isForeign |= headers.TryGetValue(FetchSite, out var site) && site.ToString() is not ("same-origin" or "none")
            && !(takesLinks && IsLink(request));
        return isForeign ? "A browser sends this for a page of another origin, and such pages are not served." : null;
    }

    private static bool IsLink(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && request.Headers[FetchMode] == "navigate" && request.Headers[FetchDestination] == "document";
}
