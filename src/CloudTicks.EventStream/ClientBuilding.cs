using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace CloudTicks.EventStream;

/// <summary>Builds clients that can log in: by what stands in their settings, or by an identity.</summary>
public static class ClientBuilding
{
    /// <summary>Builds a producer.</summary>
    /// <exception cref="EventStreamException">No identity can log in.</exception>
    public static IProducer<TKey, TValue> BuildFor<TKey, TValue>(
        this ProducerBuilder<TKey, TValue> builder, EventStreamConnection connection) =>
        connection.Login is { } login
            ? builder.SetOAuthBearerTokenRefreshHandler((client, _) => login.Refresh(client)).Build()
            : builder.Build();

    /// <summary>Builds a consumer. It has its first token at once: only who calls Consume is asked for one.</summary>
    /// <exception cref="EventStreamException">No identity can log in.</exception>
    public static IConsumer<TKey, TValue> BuildFor<TKey, TValue>(
        this ConsumerBuilder<TKey, TValue> builder, EventStreamConnection connection) =>
        builder.BuildFor(connection.Login);

    /// <summary>Opens an administrative client, each of whose calls reports its own error.</summary>
    /// <exception cref="EventStreamException">No identity can log in.</exception>
    internal static AdminConnection OpenAdmin(this EventStreamConnection connection, ILogger logger)
    {
        var builder = new AdminClientBuilder(connection.AdminConfig())
            .SetLogHandler((_, line) => logger.Forward(line))
            .SetErrorHandler((_, _) => { });
        return new AdminConnection(connection.Login is { } login
            ? Given(builder.SetOAuthBearerTokenRefreshHandler((client, _) => login.Refresh(client)).Build(), login)
            : builder.Build());
    }

    internal static IConsumer<TKey, TValue> BuildFor<TKey, TValue>(this ConsumerBuilder<TKey, TValue> builder, IdentityLogin? login) =>
        login is null
        ? builder.Build()
        : Given(builder.SetOAuthBearerTokenRefreshHandler((client, _) => login.Refresh(client)).Build(), login);

    private static TClient Given<TClient>(TClient client, IdentityLogin login)
        where TClient : IClient
    {
        try
        {
            login.Give(client);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }
}
