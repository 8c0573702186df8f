using System.Net;
using ServiceDefaults.Access;

namespace ServiceDefaults.Clients;

/// <summary>Uses the proxy from the environment, except for requests to this machine, which are unencrypted.</summary>
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
