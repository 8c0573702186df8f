using CloudTicks.Polygon.Serving.Sessions;
using CloudTicks.Simulator.Channels;
using CloudTicks.Simulator.FaultRequests;
using CloudTicks.Simulator.Faults;
using CloudTicks.Simulator.History;
using CloudTicks.Simulator.Reference;
using CloudTicks.Simulator.Replay;
using CloudTicks.Simulator.Rest;
using CloudTicks.Simulator.Sending;
using CloudTicks.Simulator.Sessions;
using CloudTicks.Simulator.Synthetic;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ServiceDefaults.Access;

namespace CloudTicks.Simulator;

internal static class SimulatorServiceCollectionExtensions
{
    private const int DefaultPort = 8100;

    /// <summary>Adds the services of the feed: sessions, channels, and the configured source of ticks.</summary>
    public static WebApplicationBuilder AddSimulator(this WebApplicationBuilder builder)
    {
        builder.ListenByDefaultOn(DefaultPort);
        // The host's log is off, because it would repeat failures that the sender logs itself.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        var services = builder.Services;
        services.AddOptions<SimulatorOptions>()
            .BindConfiguration(SimulatorOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SimulatorOptions>, SimulatorOptionsValidation>());
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<SimulatorMetrics>();
        services.AddSingleton(
            provider => new ChannelDirectory(provider.GetRequiredService<IOptions<SimulatorOptions>>().Value.KeepTicking));
        services.AddSingleton<TickHistory>();
        services.AddSingleton<MinutesEndpoint>();
        services.AddSingleton<SentTicks>();
        services.AddSingleton<FaultBoard>();
        services.AddSingleton<FaultDirector>();
        services.AddSingleton<TickFaults>();
        services.AddSingleton<SessionRegistry>();
        services.AddSingleton<SessionParts>();
        services.AddSingleton<FeedEndpoint>();
        services.AddSingleton<RestFaults>();
        services.AddSingleton<TicksEndpoint>();
        services.AddSingleton<ContractsEndpoint>();
        services.AddSingleton<MarketStatusEndpoint>();
        services.AddSingleton<ITickSource>(provider => provider.GetRequiredService<IOptions<SimulatorOptions>>().Value.Replay.Count == 0
            ? ActivatorUtilities.CreateInstance<SyntheticSource>(provider)
            : ActivatorUtilities.CreateInstance<ReplaySource>(provider));
        services.AddSingleton<TickSender>();
        services.AddHostedService(provider => provider.GetRequiredService<TickSender>());
        services.AddHostedService<ScriptRunner>();
        services.AddHostedService<LoopbackRule>();
        return builder;
    }

    /// <summary>Maps the WebSockets, the REST endpoints and the control routes.</summary>
    public static WebApplication MapSimulator(this WebApplication app)
    {
        app.Use(WrappedUpgrade<GatedStream>.Middleware(bytes => new GatedStream(bytes)));
        // The simulator sends no pings, because they would hide that a client sends none itself.
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = Timeout.InfiniteTimeSpan });
        foreach (var (path, market) in FeedEndpoint.Markets)
            app.Map($"/{path}", (HttpContext context, FeedEndpoint feed) => feed.ServeAsync(context, market))
                .WithMetadata(new LocalNamesOnly());
        app.MapRest();
        var api = app.MapGroup("/api/v1").AddEndpointFilter<ApiKeyFilter>();
        api.MapFaults();
        api.MapGet("/sent", (TickSender sender) => sender.Report());
        api.MapGet("/minutes", (MinutesEndpoint minutes, long from, long to) => minutes.Get(from, to));
        api.MapPost("/stop", async (TickSender sender, CancellationToken cancellationToken) =>
        {
            await sender.StopSendingAsync(cancellationToken);
            return sender.Report();
        });
        return app;
    }
}
