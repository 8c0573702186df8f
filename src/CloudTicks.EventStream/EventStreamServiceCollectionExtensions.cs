using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CloudTicks.EventStream;

/// <summary>Wiring of the event stream.</summary>
public static class EventStreamServiceCollectionExtensions
{
    /// <summary>The name of the connection string.</summary>
    public const string ConnectionName = "eventhubs";

    /// <summary>
    /// Adds <see cref="EventStreamConnection"/> (from <c>ConnectionStrings:eventhubs</c>, else <c>eventhubs</c>),
    /// <see cref="RecordProducer"/>, <see cref="DeadLetters"/>, <see cref="RecordConsumer"/>, <see cref="StreamPositions"/> and <see cref="ArchiveMark"/>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">Where the connection string stands.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="FormatException">The connection string is missing or wrong; the message says how to set it.</exception>
    public static IServiceCollection AddEventStream(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var connection = EventStreamConnection.Parse(configuration.GetConnectionString(ConnectionName) ?? configuration[ConnectionName]);
        services.TryAddSingleton(connection);
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddOptions<RecordProducerOptions>().BindConfiguration("EventStream:Producer").ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<RecordProducerMetrics>();
        services.TryAddSingleton<RecordProducer>();
        services.TryAddSingleton<DeadLetters>();
        services.TryAddSingleton<RecordConsumer>();
        services.TryAddSingleton<StreamPositions>();
        services.TryAddSingleton<ArchiveMark>();
        return services;
    }
}
