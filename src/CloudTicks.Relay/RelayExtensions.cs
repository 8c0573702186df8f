using System.Text.Json;
using CloudTicks.CentralHub.Access;
using CloudTicks.EventStream;
using CloudTicks.Relay.Archive;
using CloudTicks.Relay.Clients;
using CloudTicks.Relay.OnDemand;
using CloudTicks.Relay.Rest;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CloudTicks.Relay;

internal static class RelayExtensions
{
    /// <summary>Adds the services of the relay. The listening addresses must be configured first.</summary>
    /// <exception cref="FormatException">
    /// A connection string is missing or invalid, or <c>Relay:Subscribe</c> is set without a central hub.
    /// </exception>
    public static WebApplicationBuilder AddRelay(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<RelayOptions>().BindConfiguration(RelayOptions.Section, bind => bind.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddEventStream(builder.Configuration);
        services.AddArchive();
        services.AddOnDemand();
        builder.AddClients();
        services.AddRest(builder.Configuration);
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);
        return builder;
    }

    public static WebApplication MapRelay(this WebApplication app)
    {
        app.UseServiceDefaults();
        app.UseGate();
        app.MapClients();
        app.MapRest();
        return app;
    }
}
