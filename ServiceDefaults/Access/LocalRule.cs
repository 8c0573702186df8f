using System.Net;
using Microsoft.AspNetCore.Http;

namespace ServiceDefaults.Access;

/// <summary>
/// Decides which requests are local: those sent to a local host name while the service listens on loopback addresses only. The check of
/// the host name excludes web pages whose own name was rebound to this machine. The sender's address is ignored, because behind a proxy
/// every request appears to be local. A proxy that rewrites <c>Host</c> and adds no header cannot be detected; set
/// <see cref="ListeningOptions.RequireKeys"/> behind it.
/// </summary>
public static class LocalRule
{
    /// <summary>Headers that proxies, CDNs and load balancers add, taken from their documentation.</summary>
    private static readonly string[] ProxyHeaders =
    [
        "Forwarded", "Via", "X-Real-IP", "X-Client-IP", "True-Client-IP", "X-Cluster-Client-IP", "X-ProxyUser-IP", "Proxy-Client-IP",
        "WL-Proxy-Client-IP", "Client-IP", "X-Remote-IP", "X-Remote-Addr", "X-Host", "X-Scheme", "X-URL-Scheme", "Front-End-Https",
        "X-Varnish", "CDN-Loop", "Fastly-Client-IP", "Fly-Client-IP", "DO-Connecting-IP", "Ali-CDN-Real-IP", "X-Azure-ClientIP",
        "X-Azure-SocketIP", "X-Azure-FDID", "X-Azure-Ref", "X-ARR-SSL", "X-ARR-LOG-ID", "X-SITE-DEPLOYMENT-ID", "X-Amz-Cf-Id",
        "X-Amzn-Trace-Id", "X-Cloud-Trace-Context", "Tailscale-User-Login", "Ngrok-Trace-Id",
    ];

    /// <summary>Prefixes of proxy headers; the framework renames <c>X-Forwarded-</c> to <c>X-Original-</c> after reading it.</summary>
    private static readonly string[] ProxyFamilies =
        ["X-Forwarded", "X-Original-", "CF-", "X-Envoy-", "X-AppEngine-", "X-Vercel-", "X-MS-"];

    /// <summary>Whether a service listens on loopback addresses only.</summary>
    public static bool IsLoopbackOnly(IEnumerable<string> addresses)
    {
        var hasAddress = false;
        foreach (var address in addresses)
        {
            hasAddress = true;
            if (!IsLoopbackAddress(address))
            {
                return false;
            }
        }

        return hasAddress;
    }

    /// <summary>Whether a request uses a local host name and was not forwarded by a proxy.</summary>
    /// <returns>False also for a request without a host name.</returns>
    public static bool IsLocal(HttpRequest request) => HasLocalName(request) && !IsForwarded(request);

    /// <summary>Whether a request uses a local host name.</summary>
    /// <returns>False also for a request without a host name.</returns>
    internal static bool HasLocalName(HttpRequest request) => IsLoopbackName(request.Host.Host);

    /// <summary>Whether a host name is <c>localhost</c> or a loopback address, which DNS cannot redirect.</summary>
    /// <param name="host">The host name without a port.</param>
    public static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address)
            && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address));

    /// <summary>
    /// Whether a proxy forwarded a request. HTTP/1.0 counts as a sign of a proxy: nginx uses it towards its upstream by default, and
    /// current clients do not.
    /// </summary>
    private static bool IsForwarded(HttpRequest request) =>
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
            // The address cannot be parsed, so it is not assumed to be loopback.
            return false;
        }
    }
}
