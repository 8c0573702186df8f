using CloudTicks.EventStream.Links;
using CloudTicks.EventStream.Records;
using CloudTicks.Foundations;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CloudTicks.EventStream.Producing;

/// <summary>
/// Puts ready records into partitions: each is acknowledged by the event hub in order, by the Kafka protocol exactly once, and is sent
/// again for as long as the hub is away. Batching is the caller's: a record goes out at once.
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
    private readonly AnsweredRecords _answered = new();
    private readonly IRecordLink _link;
    private readonly TaskCompletionSource<EventStreamException> _fatal = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly AcknowledgementWatch _watch;
    private int _disposed;
    private int _throttlingSaid;

    /// <summary>Makes a producer; it connects by itself.</summary>
    /// <param name="time">Measures how long acknowledgements take and how long a stop waits.</param>
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
        _watch = new AcknowledgementWatch(connection, _pending, () => _budget.Used, stop => _link!.WriteProblemAsync(stop), time, logger);
        _link = StreamProtocol.Open(connection, this, _options.Connections, time, logger);
    }

    /// <summary>Bytes that were accepted and not yet acknowledged.</summary>
    public long InFlightBytes => _budget.Used;

    /// <summary>How long the event hub has acknowledged nothing although records wait for it; null while it does.</summary>
    public TimeSpan? HubAwayFor => _watch.AwayFor;

    /// <summary>Why it acknowledges nothing, in a few words; null while it does.</summary>
    public string? HubAwayReason => _watch.AwayReason;

    /// <summary>Whether the event hub answers but refuses records for a reason that it gives.</summary>
    public bool IsRefusedByHub => _watch.IsRefused;

    /// <summary>Completes, with the reason, when the client can do no more; it must then be disposed and made anew.</summary>
    public Task<EventStreamException> Fatal => _fatal.Task;

    /// <summary>
    /// Hands over one record. The outer task completes when there is room for it (await it before the next record of the same partition:
    /// that keeps the order), the inner one when the event hub has acknowledged it.
    /// </summary>
    /// <param name="value">Its bytes, at most about 1 MB; they may be changed again once the outer task has completed.</param>
    /// <param name="cancellationToken">Ends the wait for room, not the sending.</param>
    /// <returns>A task of the record's offset, -1 where the protocol does not tell it. It fails with <see cref="EventStreamException"/>
    /// when the event hub refuses the record.</returns>
    /// <exception cref="EventStreamException">The record cannot be taken at all, or <see cref="Fatal"/> has completed.</exception>
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
            Forget(record);
            throw;
        }

        return record.Delivered;
    }

    /// <summary>Does what the first record of a topic would wait for: connects, and fetches the topic's partitions.</summary>
    /// <param name="cancellationToken">Ends the wait: the event hub may be away.</param>
    public Task PrepareAsync(string topic, CancellationToken cancellationToken) => _link.PrepareAsync(topic, cancellationToken);

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
        await _link.DisposeAsync();
        _pending.FailAll(new EventStreamException(
            $"The producer to {_connection} was stopped before the event hub acknowledged the record; it may or may not be in the log"));
    }

    private void ThrowIfFatal()
    {
        if (_fatal.Task.IsCompleted)
        {
            throw new EventStreamException("The producer has failed and must be made anew", _fatal.Task.GetAwaiter().GetResult())
            {
                IsFatal = true,
            };
        }
    }

    void IRecordLinkEvents.OnTaken(PendingRecord record, long offset)
    {
        Forget(record);
        _watch.OnAcknowledged();
        _metrics.Sent(record.Topic, record.Bytes, _time.GetElapsedTime(record.SentAt));
        _answered.Add(record, offset);
    }

    void IRecordLinkEvents.OnRefused(PendingRecord record, EventStreamException reason)
    {
        Forget(record);
        _metrics.Failed(record.Topic);
        _answered.Add(record, -1, reason);
    }

    void IRecordLinkEvents.OnUnreachable(string reason) => _watch.OnUnreachable(reason);

    void IRecordLinkEvents.OnThrottled(long answers, TimeSpan time)
    {
        _metrics.Throttled(answers, time);
        if (Interlocked.Exchange(ref _throttlingSaid, 1) == 0)
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

    private void Forget(PendingRecord record)
    {
        _pending.Remove(record);
        _budget.Release(PendingRecord.CostOf(record.Bytes));
    }
}
