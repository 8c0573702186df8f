using System.Collections.Concurrent;
using Azure.Messaging.EventHubs.Producer;
using CloudTicks.EventStream.Records;

namespace CloudTicks.EventStream.Links;

/// <summary>Sends batches over AMQP, at least once: a batch without a response is sent again. The producer's budget bounds the
/// queues.</summary>
internal sealed class AmqpRecordLink(AmqpClients clients, IRecordLinkEvents events, TimeProvider time) : IRecordLink
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, Lazy<EventHubProducerClient>> _hubs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Topic, int Partition), Lazy<AmqpPartition>> _partitions = new();

    public void Send(PendingRecord record, ReadOnlyMemory<byte> value, IReadOnlyList<RecordHeader> headers) =>
        _partitions.GetOrAdd((record.Topic, record.Partition), key => new Lazy<AmqpPartition>(() => Open(key.Topic, key.Partition)))
            .Value.Add(record, value, headers);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        foreach (var partition in _partitions.Values)
        {
            await partition.Value.Completion;
        }

        foreach (var hub in _hubs.Values)
        {
            await hub.Value.DisposeAsync();
        }

        _stopping.Dispose();
    }

    private AmqpPartition Open(string topic, int partition)
    {
        var hub = _hubs.GetOrAdd(topic, name => new Lazy<EventHubProducerClient>(() => clients.Producer(name)));
        return new AmqpPartition(hub.Value, partition, events, time, _stopping.Token);
    }
}
