using System.Net;
using ServiceDefaults.Access;

namespace ServiceDefaults.Clients;

/// <summary>The proxy of the environment, but for this machine: what stays on it is not encrypted.</summary>
internal sealed class RemoteProxy : IWebProxy
{
    public ICredentials? Credentials
    {
        get => HttpClient.DefaultProxy.Credentials;
        set => HttpClient.DefaultProxy.Credentials = value;
    }

    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : HttpClient.DefaultProxy.GetProxy(destination);

    public bool IsBypassed(Uri host) => LocalRule.IsLoopbackName(host.Host) || HttpClient.DefaultProxy.IsBypassed(host);
}
