using Confluent.Kafka;

namespace CloudTicks.EventStream;

/// <summary>An administrative client for a few calls.</summary>
internal sealed class AdminConnection(IAdminClient client) : IDisposable
{
    public IAdminClient Client => client;

    /// <summary>Ends it behind the caller: its own polling holds the end up for as much as 100 ms.</summary>
    public void Dispose() => _ = Task.Run(client.Dispose);
}
