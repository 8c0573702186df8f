using CloudTicks.Cli.Tests;
using CloudTicks.Cli.Tests.Decoding;
using CloudTicks.TestServices;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

[assembly: AssemblyFixture(typeof(Librdkafka))]

namespace CloudTicks.Cli.Tests;

public class HubTests(EventHubFixture fixture) : IClassFixture<EventHubFixture>
{
    private const string Topic = "tick_archive";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Decode_of_an_archive_prints_every_tick_in_order()
    {
        const int recordCount = 20;
        const int ticksPerRecord = 1000;
        const long firstMs = 1737993600000;
        using (var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = fixture.BootstrapServers }).Build())
        {
            await admin.CreateTopicsAsync([new TopicSpecification { Name = Topic, NumPartitions = 1, ReplicationFactor = 1 }]);
        }

        using (var producer = new ProducerBuilder<Null, byte[]>(
            new ProducerConfig { BootstrapServers = fixture.BootstrapServers, Acks = Acks.All }).Build())
        {
            for (var record = 0; record < recordCount; record++)
            {
                var value = Records.Quotes("EURUSD", ticksPerRecord, firstMs + (record * ticksPerRecord));
                await producer.ProduceAsync(new TopicPartition(Topic, 0), new Message<Null, byte[]> { Value = value }, Cancellation);
            }
        }

        using var program = CliProcess.Start("decode");
        var copying = CopyToEndAsync(program.Input);
        var lines = new List<string>();
        while (await program.Output.ReadLineAsync(Cancellation) is { } line)
        {
            lines.Add(line);
        }

        await copying;
        (await program.WaitAsync()).ShouldBe(0);
        lines.Count.ShouldBe(recordCount * ticksPerRecord);
        for (var index = 0; index < lines.Count; index++)
        {
            lines[index].ShouldStartWith($$"""{"symbol":"EURUSD","timestamp_ms":{{firstMs + index}},"bid":1.""");
        }
    }

    // Copies the archive, as kcat -o beginning -e -f '%R%s' does.
    private Task CopyToEndAsync(Stream output) => Task.Run(
        async () =>
        {
            var config = new ConsumerConfig
            {
                BootstrapServers = fixture.BootstrapServers,
                GroupId = "unused",
                EnablePartitionEof = true,
                EnableAutoCommit = false
            };
            using var consumer = new ConsumerBuilder<Ignore, byte[]>(config).Build();
            consumer.Assign(new TopicPartitionOffset(Topic, 0, Offset.Beginning));
            for (var result = consumer.Consume(Cancellation); !result.IsPartitionEOF; result = consumer.Consume(Cancellation))
            {
                await output.WriteAsync(new KcatOutput().Add(result.Message.Value).ToArray(), Cancellation);
            }

            output.Close();
        },
        Cancellation);
}
