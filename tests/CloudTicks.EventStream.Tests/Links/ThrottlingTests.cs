using System.Diagnostics.Metrics;
using CloudTicks.EventStream.Links;
using CloudTicks.EventStream.Producing;
using CloudTicks.EventStream.Records;
using Confluent.Kafka;

namespace CloudTicks.EventStream.Tests.Links;

public sealed class ThrottlingTests(EventHubFixture hub) : IClassFixture<EventHubFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"brokers":{"a:9093/0":{"throttle":{"min":0,"max":0,"avg":0,"sum":0,"cnt":0}}}}""", 0, 0)]
    [InlineData("""{"brokers":{"a/0":{"throttle":{"sum":1200,"cnt":3}},"b/1":{"throttle":{"sum":300,"cnt":1}},"c/2":{}}}""", 4, 1500)]
    [InlineData("{}", 0, 0)]
    public void Throttled_responses_of_all_brokers_are_summed(string statistics, long responses, int milliseconds) =>
        KafkaThrottling.Read(statistics).ShouldBe((responses, TimeSpan.FromMilliseconds(milliseconds)));

    [Fact]
    public async Task Client_statistics_have_the_throttle_field()
    {
        var statistics = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var config = EventStreamConnection.Parse(hub.BootstrapServers).ProducerConfig();
        config.StatisticsIntervalMs = 50;
        using var producer = new ProducerBuilder<Null, byte[]>(config).SetStatisticsHandler((_, json) => statistics.TrySetResult(json))
            .Build();

        var statisticsText = await statistics.Task.WaitAsync(Cancellation);

        statisticsText.ShouldContain("\"throttle\"");
        KafkaThrottling.Read(statisticsText).ShouldBe((0, TimeSpan.Zero));
    }

    [Fact]
    public async Task Throttling_is_counted_and_logged_once()
    {
        using var log = new LogRecorder<RecordProducer>();
        var (responses, seconds) = (0L, 0.0);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, meters) =>
        {
            if (instrument.Meter.Name == RecordProducerMetrics.MeterName
                && instrument.Name.StartsWith("cloudticks.stream.throttled", StringComparison.Ordinal))
            {
                meters.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref responses, value));
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => seconds += value);
        listener.Start();
        await using var producer = Clients.Producer(EventStreamConnection.Parse(hub.BootstrapServers), logger: log);
        IRecordLinkEvents link = producer;

        link.OnThrottled(2, TimeSpan.FromSeconds(3));
        link.OnThrottled(1, TimeSpan.FromSeconds(1));

        (responses, seconds).ShouldBe((3, 4.0));
        var line = log.Lines.ShouldHaveSingleItem();
        line.ShouldContain("throttles the producer by 3.0 s");
        line.ShouldContain("EventStream__EventHubs__ThroughputUnits");
    }

    [Theory]
    [InlineData("simulated")]
    [InlineData("")]
    public void Header_text_is_decoded_from_AMQP(string text)
    {
        var bytes = Clients.Bytes(text);

        new RecordHeader("feed", bytes).Text.ShouldBe(text);
        new RecordHeader("feed", (byte[])[0xA1, (byte)bytes.Length, .. bytes]).Text.ShouldBe(text);
        new RecordHeader("feed", (byte[])[0xB1, 0, 0, 0, (byte)bytes.Length, .. bytes]).Text.ShouldBe(text);
        new RecordHeader("feed", (byte[])[0xA0, (byte)bytes.Length, .. bytes]).Text.ShouldBe(text);
    }
}
