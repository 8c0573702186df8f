using Confluent.Kafka;

namespace CloudTicks.EventHub.Tests.Clients;

/// <summary>Clients of Confluent.Kafka that detect a restart quickly.</summary>
internal static class Clients
{
    public static IProducer<byte[], byte[]> Producer(
        string servers, CompressionType compression = CompressionType.None, bool idempotent = true) =>
        new ProducerBuilder<byte[], byte[]>(new ProducerConfig
        {
            BootstrapServers = servers,
            EnableIdempotence = idempotent,
            MaxInFlight = idempotent ? 5 : 1, // so that a retry keeps the order
            Acks = Acks.All,
            LingerMs = 1,
            MessageTimeoutMs = 0, // unlimited, so that the client itself never drops a record
            CompressionType = compression,
            ReconnectBackoffMs = 10,
            ReconnectBackoffMaxMs = 200,
        }).SetLogHandler(static (_, _) => { }).SetErrorHandler(static (_, _) => { }).Build();

    public static IConsumer<byte[], byte[]> Consumer(
        string servers, string group, PartitionAssignmentStrategy strategy = PartitionAssignmentStrategy.Range) =>
        ConsumerBuilder(servers, group, strategy).Build();

    public static ConsumerBuilder<byte[], byte[]> ConsumerBuilder(
        string servers, string group, PartitionAssignmentStrategy strategy, int sessionTimeoutMs = 20_000) =>
        new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = servers,
            GroupId = group,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
            PartitionAssignmentStrategy = strategy,
            SessionTimeoutMs = sessionTimeoutMs,
            HeartbeatIntervalMs = 300,
            ReconnectBackoffMs = 10,
            ReconnectBackoffMaxMs = 200,
            CheckCrcs = true,
        }).SetLogHandler(static (_, _) => { }).SetErrorHandler(static (_, _) => { });

    public static IAdminClient Admin(string servers) =>
        new AdminClientBuilder(new AdminClientConfig { BootstrapServers = servers }).SetLogHandler(static (_, _) => { })
            .SetErrorHandler(static (_, _) => { }).Build();
}
