using System.Text.Json;
using CloudTicks.Dashboard.Board;
using CloudTicks.Dashboard.Files;
using CloudTicks.Dashboard.Live;
using CloudTicks.Dashboard.Pipeline;
using CloudTicks.Dashboard.Relay;
using CloudTicks.Dashboard.Safety;
using CloudTicks.Dashboard.Services;
using CloudTicks.Dashboard.Sessions;
using CloudTicks.Dashboard.Streams;
using CloudTicks.Messaging;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace CloudTicks.Dashboard;

internal static class DashboardExtensions
{
    /// <summary>The maximum size of a request: four times the longest valid request, which contains a document.</summary>
    private const int MaxBodyBytes = 1024 * 1024;

    /// <summary>Adds the dashboard's services. Configure the listening addresses first.</summary>
    /// <exception cref="FormatException">
    /// The dashboard has no key for the central hub, but needs one: it listens on more than loopback, or its settings require keys.
    /// </exception>
    public static void AddDashboard(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        });
        var services = builder.Services;
        services.AddOptions<DashboardOptions>().BindConfiguration(DashboardOptions.Section, bind => bind.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DashboardOptions>, DashboardOptionsValidation>());
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddNatsSettings();
        services.AddSingleton<StreamMetrics>().AddSingleton<StreamSlots>().AddSingleton<StreamServer>();
        services.AddSingleton<LiveTicks>();
        services.AddSingleton<BoardMetrics>().AddSingleton<SymbolBoard>().AddSingleton<BoardViewers>().AddSingleton<BoardRoutes>();
        services.AddSingleton<BoardFeed>().AddHostedService(provider => provider.GetRequiredService<BoardFeed>());
        services.AddSingleton<ServiceClient>().AddSingleton<RelayMetrics>().AddSingleton<FunctionsRelay>();
        services.AddSingleton<ServiceQueries>().AddSingleton<PipelineReader>();
        services.AddHostedService<OpeningPrices>();
        services.AddSingleton<PipelineWatch>().AddHostedService(provider => provider.GetRequiredService<PipelineWatch>());
        builder.AddSessions();
        services.AddHealthChecks().AddCheck<BoardHealthCheck>("live-ticks");
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);
    }

    public static void MapDashboard(this WebApplication app)
    {
        app.UseSecurityHeaders();
        app.UseServiceDefaults();
        app.UsePageGate();
        app.MapPage();
        app.MapGet("/api/page/board", (HttpContext context, BoardRoutes routes) => routes.ServeAsync(context));
        app.MapPost("/api/page/board/{stream}/view", (string stream, ViewRequest view, BoardRoutes routes) => routes.SetView(stream, view));
        app.MapLive();
        app.MapPipeline();
        app.MapSessions();
        app.MapRelay();
    }
}
