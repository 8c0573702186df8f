using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;

namespace ServiceDefaults.Access;

/// <summary>Where a service is going to listen, before it does.</summary>
public static class ListeningSettings
{
    private const string Endpoints = "Kestrel:Endpoints";

    /// <summary>The addresses that the settings name.</summary>
    /// <param name="configuration">The settings of the service.</param>
    /// <returns>All that are named, whichever of them the server takes in the end.</returns>
    public static IReadOnlyList<string> Addresses(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var addresses = configuration.GetSection(Endpoints).GetChildren().Select(endpoint => endpoint["Url"] ?? "").ToList();
        addresses.AddRange(Parts(configuration[WebHostDefaults.ServerUrlsKey]));
        if (addresses.Count == 0)
        {
            // Ports alone are ports of every address.
            addresses.AddRange(Parts(configuration[WebHostDefaults.HttpPortsKey]).Select(port => $"http://*:{port}"));
            addresses.AddRange(Parts(configuration[WebHostDefaults.HttpsPortsKey]).Select(port => $"https://*:{port}"));
        }

        return addresses;
    }

    private static string[] Parts(string? text) => (text ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
