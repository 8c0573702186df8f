using CloudTicks.CentralHub.Access;
using ServiceDefaults.Access;

namespace CloudTicks.Collector.Access;

internal static class CollectorGateExtensions
{
    private const string Endpoint = "CentralHub:Endpoint";

    /// <summary>Adds the gate; where the service listens must be settled by then.</summary>
    /// <exception cref="FormatException">Other machines could come, and there is no hub that knows their keys, or keys would travel to it
    /// in clear.</exception>
    public static void AddGate(this WebApplicationBuilder builder)
    {
        if (builder.Configuration[Endpoint] is { Length: > 0 } endpoint)
        {
            var hub = Uri.TryCreate(
                endpoint.Contains("://", StringComparison.Ordinal) ? endpoint : $"http://{endpoint}", UriKind.Absolute, out var address)
                && address.Scheme is "http" or "https"
                ? address
                : throw new FormatException(
                    "CentralHub__Endpoint is no address of a central hub: write http://127.0.0.1:7000 or https://host.");
            var keys = new HubKeys(hub, TimeProvider.System);
            builder.Services.AddSingleton(_ => keys);
        }
        else if (ListeningSettings.DemandKeys(builder.Configuration))
        {
            throw new FormatException(
                "Other machines could reach this collector, or Listening__RequireKeys is set, so that everybody needs a key, and it "
                    + "knows no hub to ask whose a key is: "
                + "set CentralHub__Endpoint, or listen on loopback (ASPNETCORE_URLS=http://127.0.0.1:8000) without that setting.");
        }

        builder.Services.AddSingleton<CollectorGate>();
    }

    public static void UseGate(this WebApplication app) => app.UseMiddleware<CollectorGate>();
}
