using CloudTicks.CentralHub.Explaining;
using CloudTicks.CentralHub.Figures;
using CloudTicks.CentralHub.Settings;
using CloudTicks.Collection.Counters;
using CloudTicks.Collection.Feeds;
using CloudTicks.Collection.Gaps;
using CloudTicks.Collection.Health;
using CloudTicks.Collection.Liveness;
using CloudTicks.Collection.Outlets;
using CloudTicks.Collection.Running;
using CloudTicks.Collection.Subscriptions;
using CloudTicks.Collection.Symbols;
using CloudTicks.EventStream.Consuming;
using CloudTicks.EventStream.Topics;
using CloudTicks.Polygon;
using CloudTicks.Polygon.Feeds;
using CloudTicks.Polygon.Rest;
using CloudTicks.Polygon.Sessions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CloudTicks.Collection;

/// <summary>Registers the collector's services.</summary>
public static class CollectionServiceCollectionExtensions
{
    private const string Section = "Collector";

    /// <summary>Adds <see cref="CollectorService"/> with options, feed, event stream and the health check <c>polygon</c>.</summary>
    public static IServiceCollection AddCollection(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton<LearntLimitsFile>();
        services.TryAddSingleton<ILearntLimits>(provider => provider.GetRequiredService<LearntLimitsFile>());
        services.AddPolygon();
        services.AddOutlets(configuration);
        services.AddOptions<CollectorOptions>()
            .BindConfiguration(Section, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CollectorOptions>, CollectorOptionsValidation>());
        services.FollowSettings<CollectorOptions>();
        services.FollowSettings<PolygonOptions>();
        services.ExplainSettings<CollectorOptions>(Section).ExplainSettings<PolygonOptions>("Polygon");
        services.TryAddSingleton<SymbolSelection>();
        services.AddSingleton<IRefusedSettings>(provider => provider.GetRequiredService<SymbolSelection>());
        services.TryAddSingleton<CollectorCounters>();
        services.TryAddSingleton(_ => new FrameQueue());
        services.TryAddSingleton<MarketFeeds>();
        services.TryAddSingleton(provider => new GapService(
            provider.GetRequiredService<IOptionsMonitor<CollectorOptions>>(), provider.GetRequiredService<CollectorCounters>(),
            provider.GetRequiredService<PolygonRestClient>(), provider.GetRequiredService<StreamPositions>(),
            provider.GetRequiredService<RecordConsumer>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<GapService>>()));
        services.TryAddSingleton<GapMetrics>();
        services.TryAddSingleton<IWatchedFeeds>(provider => provider.GetRequiredService<MarketFeeds>());
        services.TryAddSingleton<LivenessMetrics>();
        services.TryAddSingleton<StaleSymbols>();
        services.TryAddSingleton<CollectorMetrics>();
        services.TryAddSingleton<IServiceFigures, CollectorFigures>();
        services.TryAddSingleton<WantedChannels>();
        services.TryAddSingleton<FeedSessions>();
        services.TryAddSingleton(_ => new DrainTimings());
        services.TryAddSingleton<CollectionRun>();
        services.TryAddSingleton<TickPathWarmUp>();
        services.TryAddSingleton<CollectorStartup>();
        services.TryAddSingleton<CollectorStatusReader>();
        services.TryAddSingleton<SelectedSymbolsReader>();
        // ActivatorUtilities does not find an internal constructor.
        services.TryAddSingleton(provider => new CollectorService(
            provider.GetRequiredService<CollectorStartup>(), provider.GetRequiredService<CollectorStatusReader>(),
            provider.GetRequiredService<SelectedSymbolsReader>(), provider.GetRequiredService<ILogger<CollectorService>>()));
        services.AddHostedService(provider =>
        {
            // Resolved here because no service depends on the meters, and they must exist before the first tick.
            provider.GetRequiredService<CollectorMetrics>();
            provider.GetRequiredService<GapMetrics>();
            return provider.GetRequiredService<CollectorService>();
        });
        services.AddHealthChecks().AddCheck<CollectorHealthCheck>("polygon");
        return services;
    }
}
