using CloudTicks.EventStream.Links;
using CloudTicks.EventStream.Records;
using CloudTicks.Foundations;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CloudTicks.EventStream.Producing;

/// <summary>
/// Writes records to partitions in order; over the Kafka protocol, exactly once. Retries while the event hub is unreachable. Sends each
/// record immediately, without waiting for others to fill a batch.
/// </summary>
public sealed class RecordProducer : IAsyncDisposable, IRecordLinkEvents
{
    private readonly EventStreamConnection _connection;
    private readonly RecordProducerOptions _options;
    private readonly ILogger<RecordProducer> _logger;
    private readonly TimeProvider _time;
    private readonly RecordProducerMetrics _metrics;
    private readonly ByteBudget _budget;
    private readonly PendingRecords _pending = new();
    private readonly RecordCompletions _completions = new();
    private readonly IRecordLink _link;
    private readonly TaskCompletionSource<EventStreamException> _fatal = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly AcknowledgementWatch _watch;
    private int _disposed;
    private int _throttlingLogged;

    /// <summary>Creates a producer, which connects in the background.</summary>
    /// <param name="time">The clock of acknowledgement times and of the drain timeout.</param>
    public RecordProducer(
        EventStreamConnection connection,
        IOptions<RecordProducerOptions> options,
        RecordProducerMetrics metrics,
        TimeProvider time,
        ILogger<RecordProducer> logger)
    {
        _connection = connection;
        _options = options.Value;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _budget = new ByteBudget(_options.MaxInFlightBytes);
        _watch = new AcknowledgementWatch(
            connection, _pending, () => _budget.Used, stop => _link!.GetWriteProblemAsync(stop), time, logger);
        _link = StreamProtocol.Open(connection, this, _options.Connections, time, logger);
    }

    /// <summary>The part of the budget that unacknowledged records use, in bytes: their values, and 512 bytes for each record.</summary>
    public long InFlightBytes => _budget.Used;

    /// <summary>The time without acknowledgements while records wait; null without an outage.</summary>
    public TimeSpan? HubOutageDuration => _watch.OutageDuration;

    /// <summary>The reason for the missing acknowledgements, in a few words; null without an outage.</summary>
    public string? HubOutageReason => _watch.OutageReason;

    /// <summary>True when the event hub responds, but rejects records and gives a reason.</summary>
    public bool IsRefusedByHub => _watch.IsRefused;

    /// <summary>Completes with the reason when the client has failed; the producer must then be replaced.</summary>
    public Task<EventStreamException> Fatal => _fatal.Task;

    /// <summary>
    /// Sends one record. The outer task completes when the budget has space for the record; to keep the order, await it before sending the
    /// next record of the same partition. The inner task completes when the event hub has acknowledged the record.
    /// </summary>
    /// <param name="value">The record's bytes, at most about 1 MB. The caller may reuse them once the outer task has completed.</param>
    /// <param name="cancellationToken">Cancels the wait for space, not the sending.</param>
    /// <returns>A task with the record's offset, -1 when the protocol does not report it. It fails with <see cref="EventStreamException"/>
    /// when the event hub rejects the record, or the producer is disposed before the acknowledgement.</returns>
    /// <exception cref="EventStreamException">The record is invalid, or <see cref="Fatal"/> has completed.</exception>
    /// <exception cref="ObjectDisposedException">The producer is disposed.</exception>
    public async ValueTask<Task<long>> SendAsync(
        string topic, int partition, ReadOnlyMemory<byte> value, IReadOnlyList<RecordHeader> headers, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        ThrowIfFatal();
        await _budget.TakeAsync(PendingRecord.CostOf(value.Length), cancellationToken);
        var record = new PendingRecord(topic, partition, value.Length, _time.GetTimestamp());
        try
        {
            _pending.Add(record);
            _link.Send(record, value, headers);
        }
        catch
        {
            Remove(record);
            throw;
        }

        return record.Delivered;
    }

    /// <summary>Does the work that the first record of a topic would wait for: connects, and fetches the topic's partitions.</summary>
    /// <param name="cancellationToken">Cancels the wait: the event hub may be unreachable.</param>
    public Task PrepareAsync(string topic, CancellationToken cancellationToken) => _link.PrepareAsync(topic, cancellationToken);

    /// <summary>Waits until every accepted record is acknowledged or rejected.</summary>
    public Task FlushAsync(CancellationToken cancellationToken) => _pending.WhenEmpty().WaitAsync(cancellationToken);

    /// <summary>Waits up to <see cref="RecordProducerOptions.DrainTimeout"/> for acknowledgements; the remaining records then
    /// fail.</summary>
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
        await _link.DisposeAsync();
        _pending.FailAll(new EventStreamException(
            $"The producer to {_connection} was stopped before the event hub acknowledged the record; it may or may not be in the log"));
    }

    private void ThrowIfFatal()
    {
        if (_fatal.Task.IsCompleted)
        {
            throw new EventStreamException("The producer has failed and must be replaced", _fatal.Task.GetAwaiter().GetResult())
            {
                IsFatal = true,
            };
        }
    }

    void IRecordLinkEvents.OnAccepted(PendingRecord record, long offset)
    {
        _metrics.Sent(record.Topic, record.Bytes, _time.GetElapsedTime(record.SentAt));
        Remove(record);
        _watch.OnAcknowledged();
        _completions.Add(record, offset);
    }

    void IRecordLinkEvents.OnRejected(PendingRecord record, EventStreamException reason)
    {
        _metrics.Failed(record.Topic);
        Remove(record);
        _completions.Add(record, -1, reason);
    }

    void IRecordLinkEvents.OnUnreachable(string reason) => _watch.OnUnreachable(reason);

    void IRecordLinkEvents.OnThrottled(long responses, TimeSpan time)
    {
        _metrics.Throttled(responses, time);
        if (Interlocked.Exchange(ref _throttlingLogged, 1) == 0)
        {
            _logger.Throttled(_connection, time.TotalSeconds);
        }
    }

    void IRecordLinkEvents.OnFatal(EventStreamException reason)
    {
        if (_fatal.TrySetResult(reason))
        {
            _logger.ProducerFatal(_connection, reason.Message, reason.Code);
        }
    }

    private void Remove(PendingRecord record)
    {
        _budget.Release(PendingRecord.CostOf(record.Bytes));
        _pending.Remove(record); // last, because it completes FlushAsync
    }
}
