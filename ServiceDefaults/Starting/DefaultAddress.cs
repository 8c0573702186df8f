using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Microsoft.Extensions.Hosting;

/// <summary>A service's default address.</summary>
public static class DefaultAddress
{
    private static readonly string[] AddressSettings =
        [WebHostDefaults.ServerUrlsKey, WebHostDefaults.HttpPortsKey, WebHostDefaults.HttpsPortsKey];

    /// <summary>
    /// Listens on loopback ports unless addresses or ports are configured, as with <c>--urls</c> or <c>ASPNETCORE_URLS</c>. (A default in
    /// appsettings.json would override <c>ASPNETCORE_URLS</c>.)
    /// </summary>
    /// <param name="ports">The ports, 1 to 65535.</param>
    public static WebApplicationBuilder ListenByDefaultOn(this WebApplicationBuilder builder, params int[] ports)
    {
        if (Array.TrueForAll(AddressSettings, setting => string.IsNullOrEmpty(builder.Configuration[setting])))
        {
            builder.WebHost.UseUrls([.. ports.Select(port => $"http://127.0.0.1:{port}")]);
        }

        return builder;
    }
}
