using System.Globalization;
using System.Threading.Channels;
using Azure.Messaging.EventHubs;
using Azure.Messaging.EventHubs.Producer;
using CloudTicks.EventStream.Records;
using CloudTicks.Foundations;

namespace CloudTicks.EventStream.Links;

/// <summary>Sends the records of one partition in their order: what waits goes together, in one batch of a megabyte at most.</summary>
internal sealed class AmqpPartition
{
    /// <summary>A publication to the Standard tier has 1 MB at most.</summary>
    private const long MaxBatchBytes = 1_000_000;

    private static readonly Backoff Pauses = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10));

    /// <summary>Azure asks a throttled client to wait this long.</summary>
    private static readonly TimeSpan ThrottledWait = TimeSpan.FromSeconds(4);

    private readonly EventHubProducerClient _client;
    private readonly CreateBatchOptions _options;
    private readonly IRecordLinkEvents _events;
    private readonly TimeProvider _time;

    /// <summary>Bounded by the producer's budget: whoever brings more waits there.</summary>
    private readonly Channel<(PendingRecord Record, EventData Event)> _queue =
        Channel.CreateUnbounded<(PendingRecord, EventData)>(new UnboundedChannelOptions { SingleReader = true });

    public AmqpPartition(
        EventHubProducerClient client, int partition, IRecordLinkEvents events, TimeProvider time, CancellationToken stopping)
    {
        (_client, _events, _time) = (client, events, time);
        _options = new CreateBatchOptions { PartitionId = partition.ToString(CultureInfo.InvariantCulture) };
        Completion = Task.Run(() => RunAsync(stopping), CancellationToken.None);
    }

    /// <summary>Completes when nothing is sent any more; it never fails.</summary>
    public Task Completion { get; }

    public void Add(PendingRecord record, ReadOnlyMemory<byte> value, IReadOnlyList<RecordHeader> headers)
    {
        // The value may be changed by its owner from now on.
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
            // What waits is failed by the producer.
        }
    }

    private async Task SendTogetherAsync(CancellationToken stopping)
    {
        using var batch = await UntilDoneAsync(() => _client.CreateBatchAsync(_options, stopping).AsTask(), stopping);
        var together = new List<PendingRecord>();
        while (_queue.Reader.TryPeek(out var next)
            && (together.Count == 0 || batch!.SizeInBytes + next.Record.Bytes <= MaxBatchBytes)
            && batch!.TryAdd(next.Event))
        {
            _queue.Reader.TryRead(out _);
            together.Add(next.Record);
        }

        if (together.Count == 0)
        {
            _queue.Reader.TryRead(out var tooLarge);
            _events.OnRefused(tooLarge.Record, TooLarge(tooLarge.Record));
            return;
        }

        try
        {
            await UntilDoneAsync(
                async () =>
                {
                    await _client.SendAsync(batch, stopping);
                    return true;
                },
                stopping);
            together.ForEach(record => _events.OnTaken(record, -1));
        }
        catch (EventHubsException refused) when (refused.Reason == EventHubsException.FailureReason.MessageSizeExceeded)
        {
            together.ForEach(record => _events.OnRefused(record, TooLarge(record)));
        }
    }

    /// <summary>Retries without end: what was accepted is sent when the hub is back, or the fault is mended.</summary>
    private async Task<T> UntilDoneAsync<T>(Func<Task<T>> send, CancellationToken stopping)
    {
        for (var attempt = 1; ; attempt++)
        {
            var wait = Pauses.After(attempt);
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
        $"The event hub did not take a record for {record.Topic}/{record.Partition}: its {record.Bytes} bytes are more than a "
            + $"publication may have");
}
