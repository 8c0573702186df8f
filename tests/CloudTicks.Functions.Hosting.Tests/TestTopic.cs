using System.Text;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Topics;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.Functions.Hosting.Tests;

/// <summary>A topic of four partitions and a consumer group for one test.</summary>
internal sealed class TestTopic : IDisposable
{
    public const int Partitions = 4;

    private static int _count;
    private readonly EventStreamConnection _connection;
    private readonly IProducer<Null, string> _producer;

    /// <param name="bootstrapServers">The address of the event hub.</param>
    /// <param name="isCreated">Whether the topic is created now, or later by <see cref="Create"/>.</param>
    public TestTopic(string bootstrapServers, bool isCreated = true)
    {
        BootstrapServers = bootstrapServers;
        var number = Interlocked.Increment(ref _count);
        Topic = $"topic-{number}";
        Group = $"group-{number}";
        _connection = EventStreamConnection.Parse(bootstrapServers);
        if (isCreated)
        {
            Create();
        }

        _producer = new ProducerBuilder<Null, string>(_connection.ProducerConfig()).Build();
    }

    private TestTopic(TestTopic like)
    {
        (BootstrapServers, Topic, Group, _connection) = (like.BootstrapServers, like.Topic, like.Group, like._connection);
        _producer = new ProducerBuilder<Null, string>(_connection.ProducerConfig()).Build();
    }

    public void Create()
    {
        using var admin = new AdminClientBuilder(_connection.AdminConfig()).Build();
        admin.CreateTopicsAsync([new TopicSpecification { Name = Topic, NumPartitions = Partitions }]).GetAwaiter().GetResult();
    }

    /// <summary>Returns the same topic and group with a new producer, for a topic that was recreated.</summary>
    public TestTopic WithNewProducer() => new(this);

    public string BootstrapServers { get; }

    public string Topic { get; }

    public string Group { get; }

    /// <summary>Produces events with the texts <c>first</c>, <c>first + 1</c>, ... to one partition, or to all in turn.</summary>
    public async Task ProduceAsync(int first, int count, int? partition = null, int padding = 0)
    {
        var sent = new List<Task>();
        for (var i = first; i < first + count; i++)
        {
            var message = new Message<Null, string>
            {
                Value = $"{i}".PadRight(padding),
                Headers = new Headers { { "feed", Encoding.UTF8.GetBytes("simulated") } },
            };
            sent.Add(_producer.ProduceAsync(
                new TopicPartition(Topic, partition ?? (i % Partitions)), message, TestContext.Current.CancellationToken));
        }

        await Task.WhenAll(sent);
    }

    /// <summary>Returns the checkpoint of each partition that has one.</summary>
    public Task<IReadOnlyDictionary<int, long>> CheckpointsAsync() =>
        new StreamPositions(_connection, TimeProvider.System, NullLogger<StreamPositions>.Instance)
        .GetCommittedAsync(Group, Topic, TestContext.Current.CancellationToken);

    /// <summary>Sets a checkpoint as another member of the group would.</summary>
    public void SetCheckpoint(int partition, long offset)
    {
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(_connection.ConsumerConfig(Group)).Build();
        consumer.Commit([new TopicPartitionOffset(Topic, partition, offset)]);
    }

    public void Dispose() => _producer.Dispose();
}
