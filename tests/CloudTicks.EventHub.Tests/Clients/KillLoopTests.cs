using System.Collections.Concurrent;
using CloudTicks.TestServices;
using Confluent.Kafka;

namespace CloudTicks.EventHub.Tests.Clients;

public sealed class KillLoopTests
{
    private const int Partitions = 4;

    /// <summary>The settings of the producers, one per partition.</summary>
    private static readonly (CompressionType Codec, bool Idempotent)[] Producers =
        [(CompressionType.None, true), (CompressionType.Gzip, false), (CompressionType.Snappy, true), (CompressionType.Lz4, false)];

    private const int AcknowledgedPerRound = 2000;

    private static readonly int Rounds = LongSuite.Choose(10, 200);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Runs with the default size of log files, and with a size at which several are filled between kills.</summary>
    [Theory]
    [InlineData(64 * 1024 * 1024, 4)]
    [InlineData(64 * 1024, 300)]
    public async Task Kills_under_load_keep_every_acknowledged_record_in_order(
        int logFileBytes, int valueBytes)
    {
        string[] sizes = ["--EventHub:CheckpointBytes", "200000", "--EventHub:LogFileBytes", $"{logFileBytes}"];
        await using var hub = await EventHubProcess.StartAsync(
            arguments: ["--default-partitions", $"{Partitions}", .. sizes], cancellationToken: Cancellation);
        var acknowledgements = new ConcurrentDictionary<int, long>[Partitions];
        for (var i = 0; i < Partitions; i++)
        {
            acknowledgements[i] = [];
        }

        using var stop = new CancellationTokenSource();
        var acknowledgedCount = 0;
        var progress = new SemaphoreSlim(0);
        var sent = new int[Partitions];
        var producers = Producers.Select(p => Clients.Producer(hub.BootstrapServers, p.Codec, p.Idempotent)).ToList();
        try
        {
            var sending = Task.Run(() =>
            {
                while (!stop.IsCancellationRequested)
                {
                    for (var partition = 0; partition < Partitions; partition++)
                    {
                        Send(producers[partition], partition, sent[partition]++);
                    }
                }
            }, Cancellation);
            for (var round = 0; round < Rounds; round++)
            {
                (await progress.WaitAsync(TimeSpan.FromSeconds(60), Cancellation)).ShouldBeTrue($"no progress in round {round}");
                await hub.KillAsync();
                await hub.RestartAsync(Cancellation);
            }

            await stop.CancelAsync();
            await sending;
            producers.ForEach(p => p.Flush(Cancellation));
        }
        finally
        {
            producers.ForEach(p => p.Dispose());
        }

        await hub.KillAsync();
        await hub.RestartAsync(TestContext.Current.CancellationToken);
        for (var partition = 0; partition < Partitions; partition++)
        {
            acknowledgements[partition].Count.ShouldBe(sent[partition], "every record is acknowledged at the end");
            var found = ReadAll(hub.BootstrapServers, partition);
            found.Select(r => r.Value).Distinct().ShouldBe(Enumerable.Range(0, sent[partition]), $"partition {partition}");
            var foundSet = found.ToHashSet();
            acknowledgements[partition].ShouldAllBe(acknowledgement => foundSet.Contains(new(acknowledgement.Key, acknowledgement.Value)));
            if (Producers[partition].Idempotent)
            {
                found.Count.ShouldBe(sent[partition], $"partition {partition}: no duplicates");
            }
        }

        hub.Log.ShouldNotContain(line => line.Contains("damaged", StringComparison.Ordinal));
        if (logFileBytes < 1 << 20)
        {
            Directory.GetFiles(Path.Combine(hub.DataFolder, "log"), "*.index").Length.ShouldBeGreaterThan(Rounds / 2, "completed files");
        }

        void Send(IProducer<byte[], byte[]> producer, int partition, int value)
        {
            while (true)
            {
                try
                {
                    producer.Produce(new TopicPartition("ticks", partition),
                        new Message<byte[], byte[]> { Value = Value(value, valueBytes) }, report =>
                    {
                        if (report.Error.Code != ErrorCode.NoError)
                        {
                            return;
                        }

                        acknowledgements[partition][value] = report.Offset;
                        if (Interlocked.Increment(ref acknowledgedCount) % AcknowledgedPerRound == 0)
                        {
                            progress.Release();
                        }
                    });
                    return;
                }
                catch (ProduceException<byte[], byte[]> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
                {
                    producer.Poll(TimeSpan.FromMilliseconds(10));
                }
            }
        }
    }

    /// <summary>A number followed by random bytes that hardly compress.</summary>
    private static byte[] Value(int number, int bytes)
    {
        var value = new byte[bytes];
        new Random(number).NextBytes(value);
        BitConverter.TryWriteBytes(value, number);
        return value;
    }

    private static List<(int Value, long Offset)> ReadAll(string servers, int partition)
    {
        using var consumer = Clients.Consumer(servers, "check");
        consumer.Assign(new TopicPartitionOffset("ticks", partition, Offset.Beginning));
        var end = consumer.QueryWatermarkOffsets(new TopicPartition("ticks", partition), TimeSpan.FromSeconds(90)).High;
        var found = new List<(int, long)>();
        while (found.Count < end.Value)
        {
            var record = consumer.Consume(TimeSpan.FromSeconds(90)).ShouldNotBeNull();
            found.Add((BitConverter.ToInt32(record.Message.Value), record.Offset));
        }

        return found;
    }
}
