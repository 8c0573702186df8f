using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ServiceDefaults.Access;
using ServiceDefaults.Clients;

namespace CloudTicks.CentralHub.Access;

/// <summary>Registers the <see cref="ServiceGate"/> of a service without a key table.</summary>
public static class ServiceGateExtensions
{
    private const string Endpoint = "CentralHub:Endpoint";

    /// <summary>Adds the gate. Configure the listening addresses first.</summary>
    /// <param name="service">The service's name in messages, such as <c>collector</c>.</param>
    /// <param name="port">The port of the listening address that messages suggest.</param>
    /// <exception cref="FormatException">
    /// Callers need keys and no hub checks them, keys would be sent to the hub unencrypted, or the endpoint is not an address.
    /// </exception>
    public static void AddGate(this WebApplicationBuilder builder, string service, int port)
    {
        if (builder.Configuration[Endpoint] is { Length: > 0 } endpoint)
        {
            var hub = Uri.TryCreate(
                endpoint.Contains("://", StringComparison.Ordinal) ? endpoint : $"http://{endpoint}", UriKind.Absolute, out var address)
                && address.Scheme is "http" or "https"
                ? address
                : throw new FormatException(
                    "CentralHub__Endpoint is not the address of a central hub: use http://127.0.0.1:7000 or https://host.");
            ServiceKey.RequireSafe(hub, "CentralHub__Endpoint");
            builder.Services.TryAddSingleton(TimeProvider.System);
            builder.Services.AddSingleton(provider => new HubKeys(hub, provider.GetRequiredService<TimeProvider>()));
        }
        else if (ListeningSettings.RequiresKeys(builder.Configuration))
        {
            throw new FormatException(
                $"Callers of this {service} need a key, because other machines can reach it or Listening__RequireKeys is set, but no "
                + "central hub checks keys: set CentralHub__Endpoint, or listen on loopback "
                + $"(ASPNETCORE_URLS=http://127.0.0.1:{port}) without Listening__RequireKeys.");
        }

        builder.Services.AddSingleton<ServiceGate>();
    }

    /// <summary>Refuses callers without access, except on routes declared open.</summary>
    public static void UseGate(this WebApplication app) => app.UseMiddleware<ServiceGate>();
}
