using CloudTicks.EventStream.Consuming;
using CloudTicks.EventStream.Pacing;
using CloudTicks.EventStream.Producing;
using CloudTicks.EventStream.Topics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace CloudTicks.EventStream;

/// <summary>Registers the services of the event stream.</summary>
public static class EventStreamServiceCollectionExtensions
{
    /// <summary>The name of the connection string.</summary>
    public const string ConnectionName = "eventhubs";

    /// <summary>
    /// Adds <see cref="EventStreamConnection"/> (see <see cref="ConnectionStringOf"/>), <see cref="RecordProducer"/>,
    /// <see cref="DeadLetters"/>, <see cref="RecordConsumer"/>, <see cref="StreamPositions"/> and <see cref="ArchiveFeedReader"/>.
    /// </summary>
    /// <exception cref="FormatException">The connection string is missing or invalid; the message says how to set it.</exception>
    public static IServiceCollection AddEventStream(this IServiceCollection services, IConfiguration configuration)
    {
        var connection = EventStreamConnection.Parse(ConnectionStringOf(configuration, ConnectionName));
        services.TryAddSingleton(connection);
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddOptions<RecordProducerOptions>().BindConfiguration("EventStream:Producer").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<EventHubsOptions>().BindConfiguration(EventHubsOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<RecordProducerMetrics>();
        services.TryAddSingleton<RecordProducer>();
        services.TryAddSingleton<DeadLetters>();
        services.TryAddSingleton<RecordConsumer>();
        services.TryAddSingleton(provider =>
            new StreamPositions(
                provider.GetRequiredService<EventStreamConnection>(), provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<StreamPositions>>())
            {
                CachesClients = true,
            });
        services.TryAddSingleton<ArchiveFeedReader>();
        return services;
    }

    /// <summary>
    /// Returns the connection string with this name: <c>ConnectionStrings:NAME</c>, else <c>NAME</c>, else one built from Azure Functions'
    /// settings for an identity, <c>NAME:fullyQualifiedNamespace</c> and <c>NAME:clientId</c>; null when none is set.
    /// </summary>
    public static string? ConnectionStringOf(IConfiguration configuration, string name)
    {
        if ((configuration.GetConnectionString(name) ?? configuration[name]) is { } text)
        {
            return text;
        }

        var identity = configuration.GetSection(name);
        if (identity["fullyQualifiedNamespace"] is not { Length: > 0 } host)
        {
            return null;
        }

        return identity["clientId"] is { Length: > 0 } clientId
            ? $"Endpoint=https://{host}/;ClientId={clientId}"
            : $"Endpoint=https://{host}/";
    }
}
