using Azure.Messaging.EventHubs.Consumer;
using Azure.Messaging.EventHubs.Producer;

namespace CloudTicks.EventStream.Links;

/// <summary>Makes clients for the hubs of a namespace, logged in by its key or by an identity.</summary>
internal sealed class AmqpClients(EventStreamConnection connection)
{
    private const string EntityPath = "EntityPath";

    /// <summary>Where they connect to, without any secret.</summary>
    public EventStreamConnection Connection => connection;

    public EventHubProducerClient Producer(string hub) => connection.Login is { } login
        ? new EventHubProducerClient(connection.Host!, hub, login.Credential)
        : new EventHubProducerClient(WithoutHub(connection.Secret!), hub);

    public EventHubConsumerClient Consumer(string hub) => connection.Login is { } login
        ? new EventHubConsumerClient(EventHubConsumerClient.DefaultConsumerGroupName, connection.Host!, hub, login.Credential)
        : new EventHubConsumerClient(EventHubConsumerClient.DefaultConsumerGroupName, WithoutHub(connection.Secret!), hub);

    /// <summary>The hub is the one that is asked for; the clients refuse two names.</summary>
    private static string WithoutHub(string secret) => string.Join(
        ';', secret.Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Where(part => !part.TrimStart().StartsWith(EntityPath, StringComparison.OrdinalIgnoreCase)));
}
