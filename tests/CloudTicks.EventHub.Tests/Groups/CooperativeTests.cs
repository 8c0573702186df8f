using System.Collections.Concurrent;
using CloudTicks.TestServices;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace CloudTicks.EventHub.Tests.Groups;

/// <summary>Incremental and eager rebalancing of Confluent.Kafka, including kills of the event hub.</summary>
public sealed class CooperativeTests : IAsyncLifetime
{
    // The number of events that the first consumer records until the second has its share of the partitions: all partitions assigned, half
    // of them revoked, and two empty assignments.
    private const int CooperativeEvents = 4;

    // The corresponding number with eager rebalancing: all partitions assigned, all revoked, half of them assigned.
    private const int EagerEvents = 3;

    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(90);

    private EventHubProcess _hub = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _hub = await EventHubProcess.StartAsync(cancellationToken: Cancellation);
        using var admin = Clients.Clients.Admin(_hub.BootstrapServers);
        await admin.CreateTopicsAsync([new TopicSpecification { Name = "ticks", NumPartitions = 4, ReplicationFactor = 1 }]);
    }

    public async ValueTask DisposeAsync() => await _hub.DisposeAsync();

    [Fact]
    public void Cooperative_consumers_share_partitions()
    {
        using var first = new RecordingConsumer(_hub.BootstrapServers, PartitionAssignmentStrategy.CooperativeSticky);
        using var second = new RecordingConsumer(_hub.BootstrapServers, PartitionAssignmentStrategy.CooperativeSticky);
        WaitUntilShared(first, second, CooperativeEvents);
        first.Assigned.Intersect(second.Assigned).ShouldBeEmpty();
        first.Assigned.Count.ShouldBe(2);
        first.Events.ShouldBe(["+4", "-2", "+0", "+0"], "it keeps two partitions throughout");
        second.Close();
        PollUntil(() => first.Assigned.Count == 4, first);
        first.Close();
    }

    [Theory]
    [InlineData(PartitionAssignmentStrategy.CooperativeSticky)]
    [InlineData(PartitionAssignmentStrategy.Range)]
    public async Task Consumers_keep_partitions_and_commit_across_hub_kills(PartitionAssignmentStrategy strategy)
    {
        using var first = new RecordingConsumer(_hub.BootstrapServers, strategy);
        using var second = new RecordingConsumer(_hub.BootstrapServers, strategy);
        WaitUntilShared(first, second, strategy == PartitionAssignmentStrategy.CooperativeSticky ? CooperativeEvents : EagerEvents);
        var generationLines = strategy == PartitionAssignmentStrategy.Range ? 2 : 3;
        await _hub.UntilLinesAsync("generation", generationLines, Cancellation); // before the kill, which could lose these log lines
        var before = (first.Events.Count, second.Events.Count);
        for (var round = 1; round <= 3; round++)
        {
            await _hub.KillAsync();
            await _hub.RestartAsync(Cancellation);
            PollUntil(() => first.TryCommit(round) && second.TryCommit(round), first, second);
        }

        (first.Events.Count, second.Events.Count).ShouldBe(before, $"{string.Join(' ', first.Events)} / {string.Join(' ', second.Events)}");
        _hub.Log.Count(l => l.Contains("generation", StringComparison.Ordinal)).ShouldBe(generationLines, "no further rebalance");
        using var admin = Clients.Clients.Admin(_hub.BootstrapServers);
        var group = admin.ListGroup("g", MaxWait);
        (group.State, group.Members.Count).ShouldBe(("Stable", 2));
        second.Close();
        first.Close();
    }

    /// <summary>
    /// Waits until both consumers have processed the last rebalance: librdkafka hangs in Close while an assignment is pending.
    /// </summary>
    private static void WaitUntilShared(RecordingConsumer first, RecordingConsumer second, int events)
    {
        first.Subscribe();
        PollUntil(() => first.Assigned.Count == 4, first);
        second.Subscribe();
        PollUntil(() => first.Assigned.Count == 2 && second.Assigned.Count == 2 && first.Events.Count == events, first, second);
    }

    private static void PollUntil(Func<bool> condition, params RecordingConsumer[] consumers)
    {
        var startedAt = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            TimeProvider.System.GetElapsedTime(startedAt).ShouldBeLessThan(
                MaxWait, string.Join(" / ", consumers.Select(c => $"{c.Assigned.Count} kept after {string.Join(' ', c.Events)}")));
            foreach (var consumer in consumers)
            {
                consumer.Poll();
            }
        }
    }

    /// <summary>A consumer that records assigned (+) and revoked (-) partitions.</summary>
    private sealed class RecordingConsumer : IDisposable
    {
        /// <summary>
        /// The session timeout in milliseconds, longer than a restart on a loaded machine: a consumer that reaches no event hub for this
        /// long gives up its partitions.
        /// </summary>
        private const int SessionMs = 45_000;

        private readonly IConsumer<byte[], byte[]> _consumer;
        private readonly ConcurrentQueue<string> _events = new();

        public RecordingConsumer(string servers, PartitionAssignmentStrategy strategy) =>
            _consumer = Clients.Clients.ConsumerBuilder(servers, "g", strategy, SessionMs)
            .SetPartitionsAssignedHandler((_, partitions) => _events.Enqueue($"+{partitions.Count}"))
            .SetPartitionsRevokedHandler((_, partitions) => _events.Enqueue($"-{partitions.Count}"))
            .SetPartitionsLostHandler((_, partitions) => _events.Enqueue($"lost {partitions.Count}"))
            .Build();

        public List<string> Events => [.. _events];

        public List<TopicPartition> Assigned => _consumer.Assignment;

        public void Subscribe() => _consumer.Subscribe("ticks");

        public void Poll() => _consumer.Consume(TimeSpan.FromMilliseconds(50));

        public void Close() => _consumer.Close();

        public bool TryCommit(long offset)
        {
            try
            {
                _consumer.Commit(Assigned.Select(p => new TopicPartitionOffset(p, offset)));
                return true;
            }
            catch (KafkaException e) when (e.Error.IsLocalError || e.Error.Code is ErrorCode.RequestTimedOut)
            {
                return false; // not reconnected yet
            }
        }

        public void Dispose() => _consumer.Dispose();
    }
}
