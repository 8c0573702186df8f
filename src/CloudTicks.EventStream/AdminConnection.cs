using Confluent.Kafka;

namespace CloudTicks.EventStream;

/// <summary>An administrative client for a few calls.</summary>
internal sealed class AdminConnection(IAdminClient client) : IDisposable
{
    public IAdminClient Client => client;

    /// <summary>Disposes the client in the background: librdkafka's poll delays the disposal by up to 100 ms.</summary>
    public void Dispose() => _ = Task.Run(client.Dispose);
}
