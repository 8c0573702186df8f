using CloudTicks.EventStream.Native;
using Confluent.Kafka;

namespace CloudTicks.Functions.Hosting.Tests;

/// <summary>librdkafka's own broker in memory.</summary>
public sealed class MockCluster : IDisposable
{
    private readonly IAdminClient _owner;

    public MockCluster()
    {
        Librdkafka.EnsureLoaded();
        var config = new AdminClientConfig { BootstrapServers = "mock" };
        config.Set("test.mock.num.brokers", "1");
        _owner = new AdminClientBuilder(config).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        var broker = _owner.GetMetadata(TimeSpan.FromSeconds(10)).Brokers[0];
        BootstrapServers = $"{broker.Host}:{broker.Port}";
    }

    public string BootstrapServers { get; }

    public void Dispose() => _owner.Dispose();
}
