using CloudTicks.Collection.DbServer;
using CloudTicks.Collection.EventHub;
using CloudTicks.Collection.Feeds;
using CloudTicks.Collection.Redis;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Producing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CloudTicks.Collection.Outlets;

internal static class OutletServiceCollectionExtensions
{
    private const string DbServerSetting = "Collector:DbServer";

    /// <summary>The event hub's address when an HTTP server replaces the event hub. Nothing connects to this address.</summary>
    private const string PlaceholderHub = "127.0.0.1:9092";

    /// <exception cref="FormatException">A connection string is missing or wrong; the message says how to set it.</exception>
    public static void AddOutlets(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddRedisOutlet(configuration);
        services.TryAddSingleton<DbServerMetrics>();
        services.TryAddSingleton<FeedMark>();
        services.TryAddSingleton<ArchiveInitializer>();
        services.TryAddSingleton<EventHubOutletFactory>();
        services.TryAddSingleton<DbServerOutletFactory>();
        services.TryAddSingleton<OutletFactory>();
        // The sink needs a new client when it creates the archive again.
        services.TryAddSingleton<Func<RecordProducer>>(provider => () => ActivatorUtilities.CreateInstance<RecordProducer>(provider));
        var hubSetting = $"ConnectionStrings:{EventStreamServiceCollectionExtensions.ConnectionName}";
        services.AddEventStream(string.IsNullOrEmpty(configuration[DbServerSetting]) || !string.IsNullOrEmpty(configuration[hubSetting])
            ? configuration
            : new ConfigurationBuilder().AddConfiguration(configuration).AddInMemoryCollection([new(hubSetting, PlaceholderHub)]).Build());
    }
}
