using Confluent.Kafka;

namespace CloudTicks.EventStream;

/// <summary>A Kafka admin client that is opened for a few calls.</summary>
internal sealed class AdminConnection(IAdminClient client) : IDisposable
{
    public IAdminClient Client => client;

    /// <summary>Disposes the client in the background: librdkafka's poll delays the disposal by up to 100 ms.</summary>
    public void Dispose() => _ = Task.Run(client.Dispose);
}
