using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace CloudTicks.EventStream;

/// <summary>Builds clients that log in with the key in their settings, or with an identity.</summary>
public static class ClientBuilderExtensions
{
    /// <summary>Builds a producer.</summary>
    public static IProducer<TKey, TValue> BuildFor<TKey, TValue>(
        this ProducerBuilder<TKey, TValue> builder, EventStreamConnection connection) =>
        connection.Login is { } login
            ? builder.SetOAuthBearerTokenRefreshHandler((client, _) => login.Refresh(client)).Build()
            : builder.Build();

    /// <summary>Builds a consumer and sets its first token, because the client requests tokens only while Consume runs.</summary>
    /// <exception cref="EventStreamException">The identity cannot log in.</exception>
    public static IConsumer<TKey, TValue> BuildFor<TKey, TValue>(
        this ConsumerBuilder<TKey, TValue> builder, EventStreamConnection connection) =>
        builder.BuildFor(connection.Login);

    /// <summary>Opens an admin client. Its error events are ignored, because each call reports its own error.</summary>
    /// <exception cref="EventStreamException">The identity cannot log in.</exception>
    internal static AdminConnection OpenAdmin(this EventStreamConnection connection, ILogger logger)
    {
        var builder = new AdminClientBuilder(connection.AdminConfig())
            .SetLogHandler((_, line) => logger.Forward(line))
            .SetErrorHandler((_, _) => { });
        return new AdminConnection(connection.Login is { } login
            ? WithToken(builder.SetOAuthBearerTokenRefreshHandler((client, _) => login.Refresh(client)).Build(), login)
            : builder.Build());
    }

    internal static IConsumer<TKey, TValue> BuildFor<TKey, TValue>(this ConsumerBuilder<TKey, TValue> builder, IdentityLogin? login) =>
        login is null
        ? builder.Build()
        : WithToken(builder.SetOAuthBearerTokenRefreshHandler((client, _) => login.Refresh(client)).Build(), login);

    private static TClient WithToken<TClient>(TClient client, IdentityLogin login)
        where TClient : IClient
    {
        try
        {
            login.SetToken(client);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }
}
