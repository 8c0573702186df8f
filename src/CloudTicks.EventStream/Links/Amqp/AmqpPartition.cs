using System.Globalization;
using System.Threading.Channels;
using Azure.Messaging.EventHubs;
using Azure.Messaging.EventHubs.Producer;
using CloudTicks.EventStream.Records;
using CloudTicks.Foundations;

namespace CloudTicks.EventStream.Links;

/// <summary>Sends the records of one partition in order: all waiting records together, in batches of at most one megabyte.</summary>
internal sealed class AmqpPartition
{
    /// <summary>Maximum bytes of a batch: the Standard tier accepts at most 1 MB per publication.</summary>
    private const long MaxBatchBytes = 1_000_000;

    private static readonly Backoff RetryDelays = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10));

    /// <summary>How long a throttled client waits, as Azure recommends.</summary>
    private static readonly TimeSpan ThrottledWait = TimeSpan.FromSeconds(4);

    private readonly EventHubProducerClient _client;
    private readonly CreateBatchOptions _options;
    private readonly IRecordLinkEvents _events;
    private readonly TimeProvider _time;

    /// <summary>
    /// The waiting records. The channel is unbounded because the producer's budget limits them: callers wait for the budget.
    /// </summary>
    private readonly Channel<(PendingRecord Record, EventData Event)> _queue =
        Channel.CreateUnbounded<(PendingRecord, EventData)>(new UnboundedChannelOptions { SingleReader = true });

    public AmqpPartition(
        EventHubProducerClient client, int partition, IRecordLinkEvents events, TimeProvider time, CancellationToken stopping)
    {
        (_client, _events, _time) = (client, events, time);
        _options = new CreateBatchOptions { PartitionId = partition.ToString(CultureInfo.InvariantCulture) };
        Completion = Task.Run(() => RunAsync(stopping), CancellationToken.None);
    }

    /// <summary>Completes when sending has ended.</summary>
    public Task Completion { get; }

    public void Add(PendingRecord record, ReadOnlyMemory<byte> value, IReadOnlyList<RecordHeader> headers)
    {
        // The caller may change the value after this call.
        var data = new EventData((ReadOnlyMemory<byte>)value.ToArray());
        foreach (var header in headers)
        {
            data.Properties[header.Name] = header.Text;
        }

        _queue.Writer.TryWrite((record, data));
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (await _queue.Reader.WaitToReadAsync(stopping))
            {
                await SendTogetherAsync(stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The producer fails the waiting records.
        }
    }

    private async Task SendTogetherAsync(CancellationToken stopping)
    {
        using var batch = await RetryUntilSuccessAsync(() => _client.CreateBatchAsync(_options, stopping).AsTask(), stopping);
        var records = new List<PendingRecord>();
        while (_queue.Reader.TryPeek(out var next)
            && (records.Count == 0 || batch!.SizeInBytes + next.Record.Bytes <= MaxBatchBytes)
            && batch!.TryAdd(next.Event))
        {
            _queue.Reader.TryRead(out _);
            records.Add(next.Record);
        }

        if (records.Count == 0)
        {
            _queue.Reader.TryRead(out var tooLarge);
            _events.OnRejected(tooLarge.Record, TooLarge(tooLarge.Record));
            return;
        }

        try
        {
            await RetryUntilSuccessAsync(
                async () =>
                {
                    await _client.SendAsync(batch, stopping);
                    return true;
                },
                stopping);
            records.ForEach(record => _events.OnAccepted(record, -1));
        }
        catch (EventHubsException refused) when (refused.Reason == EventHubsException.FailureReason.MessageSizeExceeded)
        {
            records.ForEach(record => _events.OnRejected(record, TooLarge(record)));
        }
    }

    /// <summary>
    /// Retries after every failure, except for a batch that is too large, until sending stops: accepted records are sent when the event hub
    /// is available again, or the fault is repaired.
    /// </summary>
    private async Task<T> RetryUntilSuccessAsync<T>(Func<Task<T>> send, CancellationToken stopping)
    {
        for (var attempt = 1; ; attempt++)
        {
            var wait = RetryDelays.After(attempt);
            try
            {
                return await send();
            }
            catch (EventHubsException throttled) when (throttled.Reason == EventHubsException.FailureReason.ServiceBusy)
            {
                _events.OnThrottled(1, ThrottledWait);
                wait = ThrottledWait;
            }
            catch (Exception problem) when (
                problem is not EventHubsException { Reason: EventHubsException.FailureReason.MessageSizeExceeded }
                && !stopping.IsCancellationRequested)
            {
                _events.OnUnreachable(problem.Message);
            }

            await Task.Delay(wait, _time, stopping);
        }
    }

    private static EventStreamException TooLarge(PendingRecord record) => new(
        $"The event hub rejected a record of {record.Bytes} bytes for {record.Topic}/{record.Partition}: the batch with "
            + "this record exceeds the event hub's size limit");
}
