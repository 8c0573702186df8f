using CloudTicks.CentralHub.Client;
using CloudTicks.Polygon.Serving.Sessions;
using CloudTicks.ServiceDocuments;
using CloudTicks.Ticks;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ServiceDefaults.Access;

namespace CloudTicks.Relay.Clients;

/// <summary>Adds and maps the WebSocket endpoints for Polygon's clients.</summary>
internal static class ClientsExtensions
{
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The timeout for a pong, which detects dead connections. It is long, because on a slow connection a ping is sent after the backlog.
    /// </summary>
    private static readonly TimeSpan PingTimeout = TimeSpan.FromMinutes(2);

    private static readonly IReadOnlyDictionary<string, Market> Markets = new Dictionary<string, Market>
    {
        ["stocks"] = Market.Stock,
        ["options"] = Market.Option,
        ["forex"] = Market.Forex,
        ["crypto"] = Market.Crypto,
    };

    /// <exception cref="FormatException"><c>Relay:Subscribe</c> is set without a central hub.</exception>
    public static void AddClients(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RelayOptions>, RelayOptionsValidation>());
        services.AddSingleton<SharedBuffers>();
        services.AddSingleton<RelayMetrics>();
        services.AddSingleton<ClientSessions>();
        services.AddSingleton<ClientKeys>();
        services.AddSingleton<RequestRates>();
        services.AddSingleton<ClientParts>();
        services.AddSingleton<ClientEndpoint>();
        services.AddSingleton<ClientStatus>();
        services.AddSingleton<CollectedSymbols>();
        services.AddSingleton<SubscriptionGrants>();
        services.AddHostedService<KeyWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<CollectedSymbols>());
        if (builder.Configuration["CentralHub:Endpoint"] is { Length: > 0 } endpoint)
        {
            services.AddSingleton(provider => new ConfigClient(ServiceNames.Collector, [], new ConfigClientOptions
            {
                Endpoint = endpoint,
                Folder = builder.Configuration["CentralHub:Folder"],
                Nats = builder.Configuration.GetConnectionString("nats"),
                LoggerFactory = provider.GetRequiredService<ILoggerFactory>(),
                Reports = false,
            }));
        }
        else if (bool.TryParse(builder.Configuration["Relay:Subscribe"], out var subscribes) && subscribes)
        {
            throw new FormatException(
                "Relay__Subscribe=true adds symbols to a document of the central hub, but the relay has no central hub: set"
                + " CentralHub__Endpoint.");
        }
    }

    public static void MapClients(this WebApplication app)
    {
        app.Use(WrappedUpgrade<FrameStream>.Middleware(bytes => new FrameStream(bytes)));
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = PingInterval, KeepAliveTimeout = PingTimeout });
        foreach (var (path, market) in Markets)
        {
            // No authorization here: clients send their key in a message of the session.
            app.Map($"/{path}", (HttpContext context, ClientEndpoint clients) => clients.ServeAsync(context, market))
                .AllowAnonymous().WithMetadata(new LocalNamesOnly());
        }

        app.MapGet("/api/v1/status", (ClientStatus status) => status.Read());
    }
}
