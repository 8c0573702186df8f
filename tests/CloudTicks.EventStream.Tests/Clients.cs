using System.Text;
using CloudTicks.EventStream.Consuming;
using CloudTicks.EventStream.Producing;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CloudTicks.EventStream.Tests;

/// <summary>Creates producers and consumers for tests.</summary>
internal static class Clients
{
    public static RecordProducer Producer(
        EventStreamConnection connection, RecordProducerOptions? options = null, ILogger<RecordProducer>? logger = null) => new(
        connection,
        Options.Create(options ?? new RecordProducerOptions()),
        new RecordProducerMetrics(new ServiceCollection().AddMetrics().BuildServiceProvider()
            .GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>()),
        TimeProvider.System,
        logger ?? NullLogger<RecordProducer>.Instance);

    public static RecordConsumer Consumer(EventStreamConnection connection) =>
        new(connection, TimeProvider.System, NullLogger<RecordConsumer>.Instance);

    public static StreamPositions Positions(EventStreamConnection connection) =>
        new(connection, TimeProvider.System, NullLogger<StreamPositions>.Instance);

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(StreamRecord record) => Encoding.UTF8.GetString(record.Value.Span);
}
