using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ServiceDefaults.Access;
using ServiceDefaults.Clients;

namespace CloudTicks.CentralHub.Access;

/// <summary>Wiring of the gate of a service that has no keys of its own.</summary>
public static class ServiceGateExtensions
{
    private const string Endpoint = "CentralHub:Endpoint";

    /// <summary>Adds the gate; where the service listens must be settled by then.</summary>
    /// <param name="service">Its name in sentences, such as <c>collector</c>.</param>
    /// <param name="port">The port of the address that a sentence proposes.</param>
    /// <exception cref="FormatException">Other machines could come, and there is no hub that knows their keys, or keys would travel to it
    /// in clear.</exception>
    public static void AddGate(this WebApplicationBuilder builder, string service, int port)
    {
        if (builder.Configuration[Endpoint] is { Length: > 0 } endpoint)
        {
            var hub = Uri.TryCreate(
                endpoint.Contains("://", StringComparison.Ordinal) ? endpoint : $"http://{endpoint}", UriKind.Absolute, out var address)
                && address.Scheme is "http" or "https"
                ? address
                : throw new FormatException(
                    "CentralHub__Endpoint is no address of a central hub: write http://127.0.0.1:7000 or https://host.");
            ServiceKey.RequireSafe(hub, "CentralHub__Endpoint");
            builder.Services.TryAddSingleton(TimeProvider.System);
            builder.Services.AddSingleton(provider => new HubKeys(hub, provider.GetRequiredService<TimeProvider>()));
        }
        else if (ListeningSettings.DemandKeys(builder.Configuration))
        {
            throw new FormatException(
                $"Other machines could reach this {service}, or Listening__RequireKeys is set, so that everybody needs a key, and it "
                    + "knows no hub to ask whose a key is: "
                + $"set CentralHub__Endpoint, or listen on loopback (ASPNETCORE_URLS=http://127.0.0.1:{port}) without that setting.");
        }

        builder.Services.AddSingleton<ServiceGate>();
    }

    /// <summary>Refuses callers that may not use a route, unless the route is declared open.</summary>
    public static void UseGate(this WebApplication app) => app.UseMiddleware<ServiceGate>();
}
