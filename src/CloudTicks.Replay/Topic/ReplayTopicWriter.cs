using CloudTicks.EventStream;
using CloudTicks.EventStream.Producing;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;

namespace CloudTicks.Replay.Topic;

/// <summary>
/// Packs ticks of several partitions into records of source <c>replay</c>, and sends them to a topic. A symbol's ticks keep their order.
/// Not thread-safe.
/// </summary>
public sealed class ReplayTopicWriter(RecordProducer producer, string topic, int partitions)
{
    private const int MaxReady = 16;

    private readonly TickBatchBuilder?[] _builders = new TickBatchBuilder?[partitions];
    private readonly List<(int Partition, byte[] Record)> _ready = [];
    private readonly Queue<Task<long>> _deliveries = new();

    /// <summary>Records that the event hub has acknowledged.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>Whether records should be sent before more ticks are added: at most 16 records of 256 KiB are queued.</summary>
    public bool IsFull => _ready.Count >= MaxReady;

    /// <summary>Adds a tick.</summary>
    public void Add(scoped in Tick tick)
    {
        var partition = tick.Symbol.PartitionOf(partitions);
        var builder = _builders[partition] ??= new TickBatchBuilder(partition, TickSource.Replay);
        builder.Add(tick);
        if (!builder.HasRoom)
        {
            Finish(partition, builder);
        }
    }

    /// <summary>Sends the full records, and with <paramref name="all"/> also those that have room for more ticks.</summary>
    /// <param name="feed">The feed for the header; null for none.</param>
    /// <exception cref="EventStreamException">The event hub refuses a record.</exception>
    public async Task SendAsync(string? feed, bool all, CancellationToken cancellationToken)
    {
        for (var partition = 0; all && partition < partitions; partition++)
        {
            if (_builders[partition] is { Count: > 0 } builder)
            {
                Finish(partition, builder);
            }
        }

        RecordHeader[] headers = feed is null ? [] : [RecordHeader.FromText(HeaderNames.Feed, feed)];
        foreach (var (partition, record) in _ready)
        {
            _deliveries.Enqueue(await producer.SendAsync(topic, partition, record, headers, cancellationToken));
        }

        _ready.Clear();
        while (_deliveries.TryPeek(out var first) && first.IsCompleted)
        {
            await WaitForAcknowledgementAsync(cancellationToken);
        }
    }

    /// <summary>Waits for all acknowledgements.</summary>
    /// <exception cref="EventStreamException">The event hub refused a record.</exception>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        while (_deliveries.Count > 0)
        {
            await WaitForAcknowledgementAsync(cancellationToken);
        }
    }

    private async Task WaitForAcknowledgementAsync(CancellationToken cancellationToken)
    {
        await _deliveries.Dequeue().WaitAsync(cancellationToken);
        Acknowledged++;
    }

    private void Finish(int partition, TickBatchBuilder builder)
    {
        _ready.Add((partition, builder.ToRecord()));
        builder.Clear();
    }
}
