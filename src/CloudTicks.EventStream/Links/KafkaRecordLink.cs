using System.Runtime.InteropServices;
using CloudTicks.EventStream.Records;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace CloudTicks.EventStream.Links;

/// <summary>Sends over the Kafka protocol with an idempotent producer: the log contains each record once.</summary>
internal sealed class KafkaRecordLink : IRecordLink
{
    private const int StatisticsIntervalMs = 5_000;

    private static readonly TimeSpan QueryTimeout = TimeSpan.FromSeconds(2);

    private readonly EventStreamConnection _connection;
    private readonly IRecordLinkEvents _events;
    private readonly IProducer<Null, byte[]> _producer;

    public KafkaRecordLink(EventStreamConnection connection, IRecordLinkEvents events, ILogger logger)
    {
        (_connection, _events) = (connection, events);
        var config = connection.ProducerConfig();
        config.MessageTimeoutMs = 0; // no timeout: accepted records are sent when the event hub is available again
        config.DeliveryReportFields = "none";
        // The producer's budget is the limit; librdkafka's own limit must never apply first.
        config.QueueBufferingMaxMessages = 0;
        config.QueueBufferingMaxKbytes = int.MaxValue >> 10;
        var builder = new ProducerBuilder<Null, byte[]>(config)
            .SetLogHandler((_, line) => logger.Forward(line))
            .SetErrorHandler((_, error) => OnError(connection, error));
        if (connection.IsEventHubs)
        {
            config.StatisticsIntervalMs = StatisticsIntervalMs;
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
            throw new EventStreamException($"The producer did not accept a record for {record.Topic}/{record.Partition}", refused.Error);
        }
    }

    /// <summary>
    /// Sends an empty record for a partition that no topic has: the client connects, fetches the topic's partitions, and then rejects the
    /// record itself. Without this record the client would fetch the partitions only once a second, or when an administrative client
    /// requests them.
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
            return; // the client already has the partitions
        }

        await Task.Run(() => FetchMetadata(topic), cancellationToken).WaitAsync(cancellationToken);
        await refused.Task.WaitAsync(cancellationToken);
    }

    public Task<string?> GetWriteProblemAsync(CancellationToken cancellationToken) =>
        HubDisk.GetWriteProblemAsync(_connection, _producer, QueryTimeout, cancellationToken);

    public ValueTask DisposeAsync() => new(Task.Run(_producer.Dispose));

    private void FetchMetadata(string topic)
    {
        try
        {
            using var admin = new DependentAdminClientBuilder(_producer.Handle).Build();
            admin.GetMetadata(topic, QueryTimeout);
        }
        catch (KafkaException)
        {
            // The event hub is unreachable: the record is rejected as soon as the client reaches it.
        }
    }

    private void OnDelivered(PendingRecord record, DeliveryReport<Null, byte[]> report)
    {
        if (report.Error.IsError)
        {
            _events.OnRejected(
                record, new EventStreamException(
                    $"The event hub rejected a record for {record.Topic}/{record.Partition}", report.Error));
        }
        else
        {
            _events.OnAccepted(record, report.Offset.Value);
        }
    }

    private void OnStatistics(string statistics)
    {
        if (KafkaThrottling.Read(statistics) is { Responses: > 0 } throttled)
        {
            _events.OnThrottled(throttled.Responses, throttled.Time);
        }
    }

    private void OnError(EventStreamConnection connection, Error error)
    {
        if (error.IsFatal)
        {
            _events.OnFatal(new EventStreamException($"The producer to {connection} has failed", error));
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

        var kafkaHeaders = new Headers();
        foreach (var header in headers)
        {
            kafkaHeaders.Add(header.Name, ExactBytes(header.Value));
        }

        return kafkaHeaders;
    }
}
