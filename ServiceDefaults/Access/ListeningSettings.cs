using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;

namespace ServiceDefaults.Access;

/// <summary>Where a service will listen, determined before it starts.</summary>
public static class ListeningSettings
{
    private const string Endpoints = "Kestrel:Endpoints";

    /// <summary>Whether every caller will need a key: the settings require it, or other machines can reach the service.</summary>
    public static bool RequiresKeys(IConfiguration configuration) =>
        configuration.GetValue<bool>($"{ListeningOptions.Section}:{nameof(ListeningOptions.RequireKeys)}")
            || !LocalRule.IsLoopbackOnly(Addresses(configuration));

    /// <summary>All configured addresses, even those that the server finally ignores; the configured ports if there are none.</summary>
    private static List<string> Addresses(IConfiguration configuration)
    {
        var addresses = configuration.GetSection(Endpoints).GetChildren().Select(endpoint => endpoint["Url"] ?? "").ToList();
        addresses.AddRange(Parts(configuration[WebHostDefaults.ServerUrlsKey]));
        if (addresses.Count == 0)
        {
            // A port alone means all addresses.
            addresses.AddRange(Parts(configuration[WebHostDefaults.HttpPortsKey]).Select(port => $"http://*:{port}"));
            addresses.AddRange(Parts(configuration[WebHostDefaults.HttpsPortsKey]).Select(port => $"https://*:{port}"));
        }

        return addresses;
    }

    private static string[] Parts(string? text) =>
        (text ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
