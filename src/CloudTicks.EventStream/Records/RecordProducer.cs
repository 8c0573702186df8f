using System.Runtime.InteropServices;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CloudTicks.EventStream.Records;

/// <summary>
/// Puts ready records into partitions: each is acknowledged by the event hub exactly once and in order, and is sent again for as long as
/// the hub is away. Batching is the caller's: a record goes out at once.
/// </summary>
public sealed class RecordProducer : IAsyncDisposable
{
    /// <summary>What a small record costs beside its bytes; keeps a flood of tiny ones within the bound too.</summary>
    private const int RecordOverheadBytes = 512;

    private readonly EventStreamConnection _connection;
    private readonly RecordProducerOptions _options;
    private readonly ILogger<RecordProducer> _logger;
    private readonly TimeProvider _time;
    private readonly RecordProducerMetrics _metrics;
    private readonly ByteBudget _budget;
    private readonly PendingRecords _pending = new();
    private readonly IProducer<Null, byte[]> _producer;
    private readonly TaskCompletionSource<EventStreamException> _fatal = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly AcknowledgementWatch _watch;
    private int _disposed;

    /// <summary>Makes a producer; it connects by itself.</summary>
    /// <param name="connection">The event hub.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="metrics">Counters.</param>
    /// <param name="time">Measures how long acknowledgements take and how long a stop waits.</param>
    /// <param name="logger">Told when the event hub goes and comes.</param>
    public RecordProducer(
        EventStreamConnection connection,
        IOptions<RecordProducerOptions> options,
        RecordProducerMetrics metrics,
        TimeProvider time,
        ILogger<RecordProducer> logger)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(options);
        _connection = connection;
        _options = options.Value;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _budget = new ByteBudget(_options.MaxInFlightBytes);
        _watch = new AcknowledgementWatch(connection, _pending, () => _budget.Used, time, logger);
        var config = connection.ProducerConfig();
        config.MessageTimeoutMs = 0; // never: what was accepted is sent when the hub is back
        config.DeliveryReportFields = "none";
        // The budget above is the bound; librdkafka's own must never be met first.
        config.QueueBufferingMaxMessages = 0;
        config.QueueBufferingMaxKbytes = int.MaxValue >> 10;
        _producer = new ProducerBuilder<Null, byte[]>(config)
            .SetLogHandler((_, line) => _logger.Forward(line))
            .SetErrorHandler((_, error) => OnError(error))
            .Build();
    }

    /// <summary>Bytes that were accepted and not yet acknowledged.</summary>
    public long InFlightBytes => _budget.Used;

    /// <summary>How long the event hub has acknowledged nothing although records wait for it; null while it does.</summary>
    public TimeSpan? HubAwayFor => _watch.AwayFor;

    /// <summary>Completes, with the reason, when the client can do no more; it must then be disposed and made anew.</summary>
    public Task<EventStreamException> Fatal => _fatal.Task;

    /// <summary>
    /// Hands over one record. The outer task completes when there is room for it (await it before the next record of the same partition:
    /// that keeps the order), the inner one when the event hub has acknowledged it.
    /// </summary>
    /// <param name="topic">Its topic.</param>
    /// <param name="partition">Its partition.</param>
    /// <param name="value">Its bytes, at most about 1 MB; they may be changed again once the outer task has completed.</param>
    /// <param name="headers">Its headers.</param>
    /// <param name="cancellationToken">Ends the wait for room, not the sending.</param>
    /// <returns>A task of the record's offset. It fails with <see cref="EventStreamException"/> when the event hub refuses the record.</returns>
    /// <exception cref="EventStreamException">The record cannot be taken at all, or <see cref="Fatal"/> has completed.</exception>
    public async ValueTask<Task<long>> SendAsync(
        string topic, int partition, ReadOnlyMemory<byte> value, IReadOnlyList<RecordHeader> headers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(headers);
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        ThrowIfFatal();
        var cost = value.Length + RecordOverheadBytes;
        await _budget.TakeAsync(cost, cancellationToken);
        var record = new PendingRecord(topic, partition, value.Length, _time.GetTimestamp());
        try
        {
            _pending.Add(record);
            _producer.Produce(
                new TopicPartition(topic, partition),
                new Message<Null, byte[]> { Value = ExactBytes(value), Headers = ToHeaders(headers) },
                report => OnDelivered(record, cost, report));
        }
        catch (ProduceException<Null, byte[]> refused)
        {
            _pending.Remove(record);
            _budget.Release(cost);
            throw new EventStreamException($"A record for {topic}/{partition} was not accepted by the client", refused.Error);
        }
        catch
        {
            _pending.Remove(record);
            _budget.Release(cost);
            throw;
        }

        return record.Delivered;
    }

    /// <summary>Waits until everything accepted so far is acknowledged or refused.</summary>
    public Task FlushAsync(CancellationToken cancellationToken) => _pending.WhenEmpty().WaitAsync(cancellationToken);

    /// <summary>Waits up to <see cref="RecordProducerOptions.DrainTimeout"/> for acknowledgements; what is left then fails.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        try
        {
            await _pending.WhenEmpty().WaitAsync(_options.DrainTimeout, _time);
        }
        catch (TimeoutException)
        {
            _logger.ProducerStoppedEarly(_connection, _pending.Count);
        }

        await _watch.DisposeAsync();
        await Task.Run(_producer.Dispose);
        _pending.FailAll(new EventStreamException(
            $"The producer to {_connection} was stopped before the event hub acknowledged the record; it may or may not be in the log"));
    }

    private void ThrowIfFatal()
    {
        if (_fatal.Task.IsCompleted)
        {
            throw new EventStreamException("The producer has failed and must be made anew", _fatal.Task.GetAwaiter().GetResult()) { IsFatal = true };
        }
    }

    private void OnDelivered(PendingRecord record, long cost, DeliveryReport<Null, byte[]> report)
    {
        _pending.Remove(record);
        _budget.Release(cost);
        if (report.Error.IsError)
        {
            _metrics.Failed(record.Topic);
            record.Fail(new EventStreamException($"The event hub did not take a record for {record.Topic}/{record.Partition}", report.Error));
            return;
        }

        _watch.OnAcknowledged();
        _metrics.Sent(record.Topic, record.Bytes, _time.GetElapsedTime(record.SentAt));
        record.Complete(report.Offset.Value);
    }

    private void OnError(Error error)
    {
        if (error.IsFatal)
        {
            if (_fatal.TrySetResult(new EventStreamException($"The producer to {_connection} cannot go on", error)))
            {
                _logger.ProducerFatal(_connection, error.Reason, error.Code);
            }
        }
        else if (error.Code is ErrorCode.Local_AllBrokersDown or ErrorCode.Local_Transport or ErrorCode.Local_Resolve or ErrorCode.Local_Authentication)
        {
            _watch.OnUnreachable(error.Reason);
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
