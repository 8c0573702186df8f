using CloudTicks.EventStream;
using CloudTicks.EventStream.Topics;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.Cli.Tests.Replaying;

/// <summary>An archive on a test's own event hub, to which the test can write any records.</summary>
internal sealed class TestArchive : IAsyncDisposable
{
    public const long FirstMs = 1737993600000;
    public const int Partitions = 32;

    private readonly IProducer<Null, byte[]> _producer;

    private TestArchive(EventHubProcess hub)
    {
        Hub = hub;
        _producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = hub.BootstrapServers, Acks = Acks.All })
            .Build();
    }

    public EventHubProcess Hub { get; }

    public static Symbol EurUsd { get; } = SymbolOf("EURUSD");

    public static Symbol Apple { get; } = SymbolOf("AAPL");

    public static Symbol Bitcoin { get; } = SymbolOf("BTC-USD");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<TestArchive> StartAsync()
    {
        var hub = await EventHubProcess.StartAsync(cancellationToken: Cancellation);
        await ArchiveTopics.EnsureAsync(
            EventStreamConnection.Parse(hub.BootstrapServers), NullLogger.Instance, TimeSpan.FromMinutes(1), TimeProvider.System,
            Cancellation);
        return new TestArchive(hub);
    }

    public static Symbol SymbolOf(string name) => Symbol.TryParse(name, out var symbol) ? symbol : throw new ArgumentException(name);

    /// <summary>A record with one tick for each number; equal numbers produce equal ticks.</summary>
    public static byte[] Record(Symbol symbol, TickSource source, params IEnumerable<int> numbers)
    {
        var builder = new TickBatchBuilder(symbol.PartitionOf(Partitions), source);
        foreach (var number in numbers)
        {
            builder.Add(TickOf(symbol, number, source == TickSource.Live ? 12 : 90_000));
        }

        return builder.ToRecord();
    }

    /// <summary>The tick with a number; three consecutive numbers share a millisecond.</summary>
    public static Tick TickOf(Symbol symbol, int number, int delayMs) => symbol.Market == Market.Stock
        ? new Tick
        {
            Symbol = symbol,
            Kind = TickKind.Trade,
            Fields =
                TickFields.Price | TickFields.Size | TickFields.Exchange | TickFields.Sequence | TickFields.TradeId | TickFields.Conditions,
            TimestampMs = FirstMs + (number / 3),
            ReceivedMs = FirstMs + (number / 3) + delayMs,
            Price = Price.Create(7015 + number, 2),
            Size = Price.Create(100, 0),
            Exchange = 4,
            Sequence = number,
            TradeId = "5298,\"1\""u8,
            Conditions = Conditions,
        }
        : new Tick
        {
            Symbol = symbol,
            Kind = TickKind.Quote,
            Fields = TickFields.Bid | TickFields.Ask,
            TimestampMs = FirstMs + (number / 3),
            ReceivedMs = FirstMs + (number / 3) + delayMs,
            Bid = Price.Create(10451 + number, 4),
            Ask = Price.Create(10452 + number, 4),
        };

    public async Task AppendAsync(Symbol symbol, TickSource source, params IEnumerable<int> numbers) =>
        await AppendAsync(symbol.PartitionOf(Partitions), Record(symbol, source, numbers));

    public async Task AppendAsync(int partition, byte[] value)
    {
        var message = new Message<Null, byte[]> { Value = value, Headers = new Headers { { "feed", "simulated"u8.ToArray() } } };
        await _producer.ProduceAsync(new TopicPartition(TopicNames.TickArchive, partition), message, Cancellation);
    }

    /// <summary>Every record of a topic, with its partition.</summary>
    public IReadOnlyList<(int Partition, Message<Ignore, byte[]> Message)> ReadAll(string topic)
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = Hub.BootstrapServers,
            GroupId = "unused",
            EnablePartitionEof = true,
            EnableAutoCommit = false
        };
        using var consumer = new ConsumerBuilder<Ignore, byte[]>(config).Build();
        consumer.Assign(Enumerable.Range(0, Partitions).Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        var records = new List<(int, Message<Ignore, byte[]>)>();
        for (var endedPartitions = 0; endedPartitions < Partitions;)
        {
            var result = consumer.Consume(Cancellation);
            endedPartitions += result.IsPartitionEOF ? 1 : 0;
            if (!result.IsPartitionEOF)
            {
                records.Add((result.Partition.Value, result.Message));
            }
        }

        return records;
    }

    public async ValueTask DisposeAsync()
    {
        _producer.Dispose();
        await Hub.DisposeAsync();
    }

    private static readonly int[] Conditions = [12, 37];
}
