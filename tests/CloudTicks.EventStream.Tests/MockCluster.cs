using CloudTicks.EventStream.Native;
using Confluent.Kafka;

namespace CloudTicks.EventStream.Tests;

/// <summary>librdkafka's in-memory broker, for situations that a real broker cannot reproduce on demand.</summary>
public sealed class MockCluster : IDisposable
{
    private readonly IAdminClient _owner;

    public MockCluster()
    {
        Librdkafka.EnsureLoaded();
        var config = new AdminClientConfig { BootstrapServers = "mock" };
        config.Set("test.mock.num.brokers", "1");
        _owner = new AdminClientBuilder(config).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        var broker = _owner.GetMetadata(TimeSpan.FromSeconds(60)).Brokers[0];
        Connection = EventStreamConnection.Parse($"{broker.Host}:{broker.Port}");
    }

    public EventStreamConnection Connection { get; }

    public void Dispose() => _owner.Dispose();
}
