using System.Net;
using Microsoft.AspNetCore.Http;

namespace ServiceDefaults.Access;

/// <summary>
/// Which requests are local: those that reach a service under a local name, while it listens on loopback addresses alone. The name keeps
/// out web pages whose own name was made to lead here. The sender's address is never used: behind a proxy every request comes from this
/// machine. A proxy that rewrites <c>Host</c> and adds no header cannot be recognised; for it there is
/// <see cref="ListeningOptions.RequireKeys"/>.
/// </summary>
public static class LocalRule
{
    /// <summary>Headers that proxies, content networks and load balancers add; the newest names come from their documentation.</summary>
    private static readonly string[] ProxyHeaders =
    [
        "Forwarded", "Via", "X-Real-IP", "X-Client-IP", "True-Client-IP", "X-Cluster-Client-IP", "X-ProxyUser-IP", "Proxy-Client-IP",
        "WL-Proxy-Client-IP", "Client-IP", "X-Remote-IP", "X-Remote-Addr", "X-Host", "X-Scheme", "X-URL-Scheme", "Front-End-Https",
        "X-Varnish", "CDN-Loop", "Fastly-Client-IP", "Fly-Client-IP", "DO-Connecting-IP", "Ali-CDN-Real-IP", "X-Azure-ClientIP",
        "X-Azure-SocketIP", "X-Azure-FDID", "X-Azure-Ref", "X-ARR-SSL", "X-ARR-LOG-ID", "X-SITE-DEPLOYMENT-ID", "X-Amz-Cf-Id",
        "X-Amzn-Trace-Id", "X-Cloud-Trace-Context", "Tailscale-User-Login", "Ngrok-Trace-Id",
    ];

    /// <summary>Families of such headers; the framework renames <c>X-Forwarded-</c> to <c>X-Original-</c> once it has read it.</summary>
    private static readonly string[] ProxyFamilies =
        ["X-Forwarded", "X-Original-", "CF-", "X-Envoy-", "X-AppEngine-", "X-Vercel-", "X-MS-"];

    /// <summary>Whether a service listens on loopback addresses, and on nothing else.</summary>
    public static bool IsLoopbackOnly(IEnumerable<string> addresses)
    {
        var any = false;
        foreach (var address in addresses)
        {
            any = true;
            if (!IsLoopbackAddress(address))
            {
                return false;
            }
        }

        return any;
    }

    /// <summary>Whether a request names this machine by a local name, and no proxy says that it passed the request on.</summary>
    /// <returns>False for any other name, and for none.</returns>
    public static bool IsLocal(HttpRequest request) => HasLocalName(request) && !IsPassedOn(request);

    /// <summary>Whether a request names this machine by a local name.</summary>
    /// <returns>False for any other name, and for none.</returns>
    internal static bool HasLocalName(HttpRequest request) => IsLoopbackName(request.Host.Host);

    /// <summary>Whether a name is <c>localhost</c> or a loopback address, which no name server can lead elsewhere.</summary>
    /// <param name="host">The name, without its port.</param>
    public static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address)
            && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address));

    /// <summary>HTTP/1.0 is nginx's default towards a server behind it; no browser or client of today speaks it.</summary>
    private static bool IsPassedOn(HttpRequest request) =>
        HttpProtocol.IsHttp10(request.Protocol) || Array.Exists(ProxyHeaders, request.Headers.ContainsKey)
            || request.Headers.Keys.Any(IsOfFamily);

    private static bool IsOfFamily(string header) =>
        Array.Exists(ProxyFamilies, family => header.StartsWith(family, StringComparison.OrdinalIgnoreCase));

    private static bool IsLoopbackAddress(string address)
    {
        try
        {
            return IsLoopbackName(BindingAddress.Parse(address).Host);
        }
        catch (FormatException)
        {
            // Not an address of this form: whatever it is, it is not known to be of this machine alone.
            return false;
        }
    }
}
