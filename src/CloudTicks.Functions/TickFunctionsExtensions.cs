using CloudTicks.CentralHub.Explaining;
using CloudTicks.CentralHub.Figures;
using CloudTicks.CentralHub.Settings;
using CloudTicks.CentralHub.Store;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Producing;
using CloudTicks.EventStream.Topics;
using CloudTicks.Functions.Access;
using CloudTicks.Functions.Configuring;
using CloudTicks.Functions.DbCommands;
using CloudTicks.Functions.Disks;
using CloudTicks.Functions.Lakes;
using CloudTicks.Functions.Publishing;
using CloudTicks.Functions.Querying;
using CloudTicks.Functions.Retaining;
using CloudTicks.Functions.Rollouts;
using CloudTicks.Functions.Storing;
using CloudTicks.History;
using CloudTicks.Messaging;
using CloudTicks.Messaging.Nats;
using CloudTicks.Timescale;
using CloudTicks.Timescale.Storing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CloudTicks.Functions;

internal static class TickFunctionsExtensions
{
    /// <exception cref="FormatException">
    /// A connection string is missing or invalid, or a key in the environment is too easy to guess or invalid in a header.
    /// </exception>
    public static IServiceCollection AddTickFunctions(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddEventStream(configuration);
        services.AddTimescale(configuration);
        services.AddCentralHubStore();
        services.FollowSettings<TimescaleOptions>();
        services.ExplainSettings<TimescaleOptions>(TimescaleOptions.Section).ExplainSettings<DbCommandOptions>("DbCommand");
        services.AddNatsPublisher();
        services.AddSingleton<StoreWarmUp>();
        services.AddSingleton<ServiceWarmUp>();
        services.AddHostedService(provider => provider.GetRequiredService<ServiceWarmUp>());
        services.AddSingleton<SchemaReadiness>();
        services.AddHostedService<SchemaWatch>();
        services.AddSingleton<StoringOutage>();
        services.AddHealthChecks().AddCheck<StoringHealthCheck>("storing");
        services.AddSingleton<ArchiveStream>();
        services.AddSingleton<StoreTicksHandler>();
        services.AddSingleton<ArchiveLag>();
        services.AddHostedService(provider => provider.GetRequiredService<ArchiveLag>());
        services.AddSingleton<IServiceFigures>(provider => provider.GetRequiredService<ArchiveLag>());
        services.AddSingleton<PublishTicksMetrics>();
        services.AddSingleton<PublishTicksHandler>();
        services.AddGate();
        services.AddSingleton<QuerySlots>();
        services.AddSingleton(provider => ArchiveStart.Of(
            provider.GetRequiredService<StreamPositions>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<QueryHandler>();
        services.AddSingleton<PriceHandler>();
        services.AddDocuments();
        services.AddRollouts();
        services.AddTableRetention();
        services.AddDiskWatching();
        services.AddDbCommand();
        services.AddLakeTicks();
        services.AddTickHistory();
        return services;
    }

    /// <summary>Adds the command handlers; the caller adds the event stream.</summary>
    public static IServiceCollection AddDbCommand(this IServiceCollection services)
    {
        services.AddOptions<DbCommandOptions>()
            .BindConfiguration("DbCommand", binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton<DbCommandMetrics>();
        services.AddSingleton<CommandBodies>();
        services.AddSingleton<CommandSender>();
        services.AddSingleton<DbCommandHandler>();
        return services;
    }

    /// <summary>Checks settings and loads native libraries before anything starts; each exception has a message for operators.</summary>
    public static IHost CheckSettings(this IHost host)
    {
        host.Services.GetRequiredService<IStartupValidator>().Validate();
        host.Services.GetRequiredService<DocumentDefaults>();
        host.Services.GetRequiredService<NatsPublisher>();
        host.Services.GetRequiredService<RecordProducer>();
        return host;
    }
}
