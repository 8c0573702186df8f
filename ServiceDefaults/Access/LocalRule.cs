using System.Net;
using Microsoft.AspNetCore.Http;

namespace ServiceDefaults.Access;

/// <summary>
/// Who needs no key: whoever reaches a service that listens on loopback addresses alone, under a local name. The name keeps out web pages whose own
/// name was made to lead here. Where a request comes from is never asked: behind a proxy everybody comes from this machine.
/// </summary>
public static class LocalRule
{
    /// <summary>What a proxy adds, also as the framework renames it once it has read it.</summary>
    private static readonly string[] ProxyHeaders =
        ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Original-For", "X-Original-Host", "X-Original-Proto", "X-Real-IP", "Via"];

    /// <summary>Whether a service listens on loopback addresses, and on nothing else.</summary>
    /// <param name="addresses">Where it listens, as its server tells it: <c>http://127.0.0.1:7071</c>.</param>
    /// <returns>False also when it does not listen yet.</returns>
    public static bool IsLoopbackOnly(IEnumerable<string> addresses)
    {
        ArgumentNullException.ThrowIfNull(addresses);
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

    /// <summary>Whether a request names this machine by a local name, and no proxy says that it passed it on for somebody.</summary>
    /// <param name="request">The request.</param>
    /// <returns>False for any other name, and for none.</returns>
    public static bool IsLocal(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return IsLoopbackName(request.Host.Host) && !Array.Exists(ProxyHeaders, request.Headers.ContainsKey);
    }

    /// <summary>Whether a name is <c>localhost</c> or a loopback address, which no name server can lead elsewhere.</summary>
    /// <param name="host">The name, without its port.</param>
    /// <returns>True when it is.</returns>
    public static bool IsLoopbackName(string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address)
            && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address));
    }

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
