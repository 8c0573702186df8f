using System.Text;
using CloudTicks.TestServices;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace CloudTicks.EventHub.Tests.Clients;

/// <summary>Compacted topics with third-party clients, each with the codecs that it supports.</summary>
public sealed class CompactionTests : IAsyncLifetime
{
    private const string Topic = "states";
    private const int Keys = 50;
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);
    private static readonly string[] FrequentCompaction =
        ["--EventHub:CompactionInterval", "00:00:00.1", "--EventHub:CompactionBytesPerSecond", "0"];
    private static readonly TopicPartition First = new(Topic, 0);
    private readonly Dictionary<string, string?> _newest = [];
    private readonly Random _random = new(1);
    private EventHubProcess _hub = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _hub = await EventHubProcess.StartAsync(arguments: FrequentCompaction, cancellationToken: Cancellation);

    public async ValueTask DisposeAsync() => await _hub.DisposeAsync();

    [Theory(Timeout = 300_000)]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public async Task Every_client_reads_newest_value_of_each_key(CompressionType compression)
    {
        await CreateAsync(("delete.retention.ms", "0"));
        Write(compression, 4000);
        await DeleteAsync("key 7", compression);
        Write(compression, 1000, first: 8);
        _newest.Remove("key 7");
        await UntilCompactedAsync();
        while (Newest(ReadToEnd()).ContainsKey("key 7"))
        {
            await Task.Yield(); // a later compaction removes the tombstone
        }

        Newest(ReadToEnd()).ShouldBe(_newest, ignoreOrder: true);
        foreach (var script in Scripts(compression))
        {
            var seen = await NodeClients.RunAsync(script, "compacted", _hub.BootstrapServers, Topic, $"{_newest["last"]}");
            seen.GetProperty("backwards").GetBoolean().ShouldBeFalse();
            var values = seen.GetProperty("values").EnumerateObject().ToDictionary(v => v.Name, v => v.Value.GetString());
            values.ShouldBe(_newest, ignoreOrder: true);
        }

        static string[] Scripts(CompressionType compression) => compression switch
        {
            CompressionType.None or CompressionType.Gzip => ["kafkajs.mjs", "platformatic.mjs"],
            CompressionType.Zstd => [],
            _ => ["platformatic.mjs"],
        };
    }

    [Fact]
    public async Task Consumer_during_compaction_sees_newest_values_once()
    {
        await CreateAsync();
        var compaction = UntilCompactedAsync(times: 3);
        var reading = Task.Run(() =>
        {
            var seen = new List<List<ConsumeResult<byte[], byte[]>>>();
            while (!compaction.IsCompleted)
            {
                seen.Add(ReadToEnd());
            }

            return seen;
        }, Cancellation);
        while (!compaction.IsCompleted)
        {
            Write(CompressionType.Snappy, 1000); // compaction needs new records for each rewrite
        }

        await compaction;
        foreach (var read in await reading)
        {
            read.Zip(read.Skip(1)).ShouldAllBe(pair => pair.First.Offset.Value < pair.Second.Offset.Value);
        }

        Newest(ReadToEnd()).ShouldBe(_newest, ignoreOrder: true);
    }

    [Fact]
    public async Task Kills_during_compaction_lose_no_newest_value()
    {
        await CreateAsync();
        for (var round = 0; round < LongSuite.Choose(6, 100); round++)
        {
            Write(CompressionType.Lz4, 1500);
            await _hub.KillAsync();
            await _hub.RestartAsync(Cancellation);
            Newest(ReadToEnd()).ShouldBe(_newest, ignoreOrder: true);
        }

        await UntilCompactedAsync();
        Newest(ReadToEnd()).ShouldBe(_newest, ignoreOrder: true);
        _hub.Log.ShouldNotContain(line => line.Contains("damaged", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Record_without_key_is_refused_permanently()
    {
        await CreateAsync();
        using var producer = Producer(CompressionType.Gzip);
        var failure = await Should.ThrowAsync<ProduceException<byte[], byte[]>>(
            () => producer.ProduceAsync(First, new Message<byte[], byte[]> { Value = [1] }, Cancellation));
        failure.Error.Code.ShouldBe(ErrorCode.InvalidRecord);
        await producer.ProduceAsync(First, new Message<byte[], byte[]> { Key = [1], Value = [1] }, Cancellation);
    }

    [Fact]
    public async Task Admin_sees_compaction_settings()
    {
        await CreateAsync(("cleanup.policy", "compact,delete"), ("min.compaction.lag.ms", "5"), ("delete.retention.ms", "6"));
        using var admin = Clients.Admin(_hub.BootstrapServers);
        var entries = (await admin.DescribeConfigsAsync([new ConfigResource { Type = ResourceType.Topic, Name = Topic }])).Single().Entries;
        entries["cleanup.policy"].Value.ShouldBe("compact,delete");
        entries["min.compaction.lag.ms"].Value.ShouldBe("5");
        entries["delete.retention.ms"].Value.ShouldBe("6");
        entries["min.cleanable.dirty.ratio"].Value.ShouldBe("0.01");
    }

    private static Dictionary<string, string?> Newest(IEnumerable<ConsumeResult<byte[], byte[]>> records)
    {
        var newest = new Dictionary<string, string?>();
        foreach (var record in records)
        {
            var value = record.Message.Value is { } bytes ? Encoding.UTF8.GetString(bytes[..8]) : null;
            newest[Encoding.UTF8.GetString(record.Message.Key)] = value;
        }

        return newest;
    }

    private async Task CreateAsync(params (string Name, string Value)[] settings)
    {
        using var admin = Clients.Admin(_hub.BootstrapServers);
        var configs = new Dictionary<string, string>
        {
            ["cleanup.policy"] = "compact",
            ["segment.bytes"] = "65536",
            ["min.cleanable.dirty.ratio"] = "0.01",
        };
        foreach (var (name, value) in settings)
        {
            configs[name] = value;
        }

        await admin.CreateTopicsAsync(
            [new TopicSpecification { Name = Topic, NumPartitions = 1, ReplicationFactor = 1, Configs = configs }]);
    }

    private IProducer<byte[], byte[]> Producer(CompressionType compression) => Clients.Producer(_hub.BootstrapServers, compression);

    /// <summary>Writes values that hardly compress, followed by a record whose key marks the end.</summary>
    private void Write(CompressionType compression, int records, int first = 0)
    {
        using var producer = Producer(compression);
        for (var i = 0; i < records; i++)
        {
            Send(producer, $"key {first + _random.Next(Keys - first)}");
        }

        producer.Flush(Cancellation);
        Send(producer, "last");
        producer.Flush(Cancellation);
    }

    private void Send(IProducer<byte[], byte[]> producer, string key)
    {
        var value = $"{_random.Next(100_000_000):D8}";
        var noise = new byte[200];
        _random.NextBytes(noise);
        _newest[key] = value;
        producer.Produce(
            First, new Message<byte[], byte[]> { Key = Encoding.UTF8.GetBytes(key), Value = [.. Encoding.UTF8.GetBytes(value), .. noise] });
    }

    private async Task DeleteAsync(string key, CompressionType compression)
    {
        using var producer = Producer(compression);
        await producer.ProduceAsync(First, new Message<byte[], byte[]> { Key = Encoding.UTF8.GetBytes(key), Value = null! }, Cancellation);
    }

    private List<ConsumeResult<byte[], byte[]>> ReadToEnd()
    {
        using var consumer = Clients.Consumer(_hub.BootstrapServers, "reads");
        var end = consumer.QueryWatermarkOffsets(First, MaxWait).High.Value;
        var read = new List<ConsumeResult<byte[], byte[]>>();
        consumer.Assign(new TopicPartitionOffset(First, Offset.Beginning));
        while (end > 0 && (read.Count == 0 || read[^1].Offset.Value < end - 1))
        {
            read.Add(consumer.Consume(MaxWait).ShouldNotBeNull());
        }

        return read;
    }

    /// <summary>Waits until compaction has logged this many rewrites.</summary>
    private Task UntilCompactedAsync(int times = 1) => _hub.UntilLinesAsync("states[0] is compacted to offset", times, Cancellation);
}
