using System.Net;
using Microsoft.AspNetCore.Http;

namespace CloudTicks.Functions.Hosting.Http;

/// <summary>
/// Who may change something: this host has no keys, so only a client on this machine, and only under this machine's own name, so that no
/// web page can reach it by a name of its own that leads here. Whoever only reads is served as before.
/// </summary>
internal static class WriteRule
{
    /// <summary>Why a request is refused.</summary>
    /// <returns>A sentence; null when it may pass.</returns>
    public static string? Refusal(HttpContext http)
    {
        var method = http.Request.Method;
        if (HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method))
        {
            return null;
        }

        if (http.Connection.LocalIpAddress is { } address && !IsLoopback(address))
        {
            return $"{method} is served on loopback addresses only, as long as there are no keys: this request came by {address}.";
        }

        return IsLoopbackName(http.Request.Host.Host)
            ? null
            : $"{method} is served under a loopback name only (127.0.0.1, localhost, [::1]), not under '{http.Request.Host.Host}'.";
    }

    private static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IsLoopback(address));

    private static bool IsLoopback(IPAddress address) =>
        IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
}
