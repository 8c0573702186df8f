using Azure.Messaging.EventHubs.Consumer;
using Azure.Messaging.EventHubs.Producer;

namespace CloudTicks.EventStream.Links;

/// <summary>
/// Creates clients for the event hubs of a namespace. The clients log in with the key of the namespace or with an identity.
/// </summary>
internal sealed class AmqpClients(EventStreamConnection connection)
{
    private const string EntityPath = "EntityPath";

    /// <summary>The connection, without the secret.</summary>
    public EventStreamConnection Connection => connection;

    public EventHubProducerClient Producer(string hub) => connection.Login is { } login
        ? new EventHubProducerClient(connection.Host!, hub, login.Credential)
        : new EventHubProducerClient(WithoutHub(connection.Secret!), hub);

    public EventHubConsumerClient Consumer(string hub) => connection.Login is { } login
        ? new EventHubConsumerClient(EventHubConsumerClient.DefaultConsumerGroupName, connection.Host!, hub, login.Credential)
        : new EventHubConsumerClient(EventHubConsumerClient.DefaultConsumerGroupName, WithoutHub(connection.Secret!), hub);

    /// <summary>
    /// Removes the event hub's name from the connection string, because clients that get the name as an argument reject a second name.
    /// </summary>
    private static string WithoutHub(string secret) => string.Join(
        ';', secret.Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Where(part => !part.TrimStart().StartsWith(EntityPath, StringComparison.OrdinalIgnoreCase)));
}
