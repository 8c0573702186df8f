using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ServiceDefaults.Access;

/// <summary>Keeps out what a browser sends for a page of another origin, key or not. Programs that are no browser send neither header.</summary>
public static class PageRule
{
    private const string FetchSite = "Sec-Fetch-Site";

    /// <summary>Why a request is refused.</summary>
    /// <param name="request">The request.</param>
    /// <returns>A sentence; null when it may pass.</returns>
    public static string? Refusal(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var isForeign = request.Headers.TryGetValue(HeaderNames.Origin, out var origin)
            && !string.Equals(origin.ToString(), $"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase);
        isForeign |= request.Headers.TryGetValue(FetchSite, out var site) && site.ToString() is not ("same-origin" or "none");
        return isForeign ? "A browser sends this for a page of another origin, and such pages are not served." : null;
    }
}
