using System.Runtime.InteropServices;
using CloudTicks.EventStream.Records;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace CloudTicks.EventStream.Links;

/// <summary>Sends by the Kafka protocol: each record is in the log once.</summary>
internal sealed class KafkaRecordLink : IRecordLink
{
    private const int BetweenStatisticsMs = 5_000;

    private static readonly TimeSpan AskTime = TimeSpan.FromSeconds(2);

    private readonly EventStreamConnection _connection;
    private readonly IRecordLinkEvents _events;
    private readonly IProducer<Null, byte[]> _producer;

    public KafkaRecordLink(EventStreamConnection connection, IRecordLinkEvents events, ILogger logger)
    {
        (_connection, _events) = (connection, events);
        var config = connection.ProducerConfig();
        config.MessageTimeoutMs = 0; // never: what was accepted is sent when the hub is back
        config.DeliveryReportFields = "none";
        // The producer's budget is the bound; librdkafka's own must never be met first.
        config.QueueBufferingMaxMessages = 0;
        config.QueueBufferingMaxKbytes = int.MaxValue >> 10;
        var builder = new ProducerBuilder<Null, byte[]>(config)
            .SetLogHandler((_, line) => logger.Forward(line))
            .SetErrorHandler((_, error) => OnError(connection, error));
        if (connection.IsEventHubs)
        {
            config.StatisticsIntervalMs = BetweenStatisticsMs;
            builder = builder.SetStatisticsHandler((_, statistics) => OnStatistics(statistics));
        }

        _producer = builder.BuildFor(connection);
    }

    public void Send(PendingRecord record, ReadOnlyMemory<byte> value, IReadOnlyList<RecordHeader> headers)
    {
        try
        {
            _producer.Produce(
                new TopicPartition(record.Topic, record.Partition),
                new Message<Null, byte[]> { Value = ExactBytes(value), Headers = ToHeaders(headers) },
                report => OnDelivered(record, report));
        }
        catch (ProduceException<Null, byte[]> refused)
        {
            throw new EventStreamException($"A record for {record.Topic}/{record.Partition} was not accepted by the client", refused.Error);
        }
    }

    /// <summary>
    /// Hands over an empty record for a partition that no topic has: the client connects, fetches the topic's partitions, and then refuses
    /// the record by itself. It fetches them once a second by itself, and at once where an administrative client of its own asks.
    /// </summary>
    public async Task PrepareAsync(string topic, CancellationToken cancellationToken)
    {
        var refused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            _producer.Produce(
                new TopicPartition(topic, int.MaxValue), new Message<Null, byte[]> { Value = [] }, _ => refused.TrySetResult());
        }
        catch (ProduceException<Null, byte[]>)
        {
            return; // it knows the partitions already
        }

        await Task.Run(() => Fetch(topic), cancellationToken).WaitAsync(cancellationToken);
        await refused.Task.WaitAsync(cancellationToken);
    }

    public Task<string?> WriteProblemAsync(CancellationToken cancellationToken) =>
        HubDisk.WriteProblemAsync(_connection, _producer, AskTime, cancellationToken);

    public ValueTask DisposeAsync() => new(Task.Run(_producer.Dispose));

    private void Fetch(string topic)
    {
        try
        {
            using var admin = new DependentAdminClientBuilder(_producer.Handle).Build();
            admin.GetMetadata(topic, AskTime);
        }
        catch (KafkaException)
        {
            // The event hub is away: the record is refused when it is back.
        }
    }

    private void OnDelivered(PendingRecord record, DeliveryReport<Null, byte[]> report)
    {
        if (report.Error.IsError)
        {
            _events.OnRefused(
                record, new EventStreamException(
                    $"The event hub did not take a record for {record.Topic}/{record.Partition}", report.Error));
        }
        else
        {
            _events.OnTaken(record, report.Offset.Value);
        }
    }

    private void OnStatistics(string statistics)
    {
        if (KafkaThrottling.Read(statistics) is { Answers: > 0 } throttled)
        {
            _events.OnThrottled(throttled.Answers, throttled.Time);
        }
    }

    private void OnError(EventStreamConnection connection, Error error)
    {
        if (error.IsFatal)
        {
            _events.OnFatal(new EventStreamException($"The producer to {connection} cannot go on", error));
        }
        else if (error.Code is ErrorCode.Local_AllBrokersDown or ErrorCode.Local_Transport or ErrorCode.Local_Resolve
            or ErrorCode.Local_Authentication)
        {
            _events.OnUnreachable(error.Reason);
        }
    }

    private static byte[] ExactBytes(ReadOnlyMemory<byte> value) =>
        MemoryMarshal.TryGetArray(value, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length
            ? segment.Array
            : value.ToArray();

    private static Headers? ToHeaders(IReadOnlyList<RecordHeader> headers)
    {
        if (headers.Count == 0)
        {
            return null;
        }

        var kafka = new Headers();
        foreach (var header in headers)
        {
            kafka.Add(header.Name, ExactBytes(header.Value));
        }

        return kafka;
    }
}
