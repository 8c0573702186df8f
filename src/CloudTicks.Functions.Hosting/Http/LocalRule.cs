using System.Net;
using Microsoft.AspNetCore.Http;

namespace CloudTicks.Functions.Hosting.Http;

/// <summary>
/// Who may call a function that asks for a key: this host has none, so only a client on this machine, and only under this machine's own name, so that
/// no web page can reach it by a name of its own that leads here.
/// </summary>
internal static class LocalRule
{
    /// <summary>Why a request is refused.</summary>
    /// <returns>A sentence; null when it may pass.</returns>
    public static string? Refusal(HttpContext http)
    {
        if (http.Connection.LocalIpAddress is { } address && !IsLoopback(address))
        {
            return $"This is served on loopback addresses only, as long as there are no keys: the request came by {address}.";
        }

        return IsLoopbackName(http.Request.Host.Host)
            ? null
            : $"This is served under a loopback name only (127.0.0.1, localhost, [::1]), not under '{http.Request.Host.Host}'.";
    }

    private static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IsLoopback(address));

    private static bool IsLoopback(IPAddress address) =>
        IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
}
