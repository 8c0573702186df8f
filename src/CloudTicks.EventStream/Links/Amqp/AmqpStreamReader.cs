using System.Globalization;
using System.Runtime.CompilerServices;
using Azure.Messaging.EventHubs;
using Azure.Messaging.EventHubs.Consumer;
using CloudTicks.EventStream.Records;

namespace CloudTicks.EventStream.Links;

/// <summary>Reads streams of Azure's emulator over AMQP: Aspire does not publish its Kafka port.</summary>
internal sealed class AmqpStreamReader(AmqpClients clients) : IStreamReader
{
    /// <summary>Returns an identity with the event hub's creation time, because the emulator loses its data when it stops.</summary>
    public async Task<string> IdentifyAsync(string topic, CancellationToken cancellationToken)
    {
        try
        {
            await using var client = clients.Consumer(topic);
            var hub = await client.GetEventHubPropertiesAsync(cancellationToken);
            return string.Create(CultureInfo.InvariantCulture, $"eventhubs-emulator:{topic}:{hub.CreatedOn.ToUnixTimeMilliseconds()}");
        }
        catch (EventHubsException problem)
        {
            throw ToStreamException(topic, problem);
        }
    }

    public async Task<IReadOnlyList<PartitionWatermarks>> GetWatermarksAsync(string topic, CancellationToken cancellationToken)
    {
        try
        {
            await using var client = clients.Consumer(topic);
            var watermarks = new List<PartitionWatermarks>();
            foreach (var id in await client.GetPartitionIdsAsync(cancellationToken))
            {
                var partition = await client.GetPartitionPropertiesAsync(id, cancellationToken);
                var high = partition.LastEnqueuedSequenceNumber + 1;
                watermarks.Add(new PartitionWatermarks(
                    int.Parse(id, CultureInfo.InvariantCulture), partition.IsEmpty ? high : partition.BeginningSequenceNumber, high));
            }

            return watermarks;
        }
        catch (EventHubsException problem)
        {
            throw ToStreamException(topic, problem);
        }
    }

    public async IAsyncEnumerable<StreamRecord> ReadAsync(
        string topic, IReadOnlyList<OffsetRange> ranges, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var client = clients.Consumer(topic);
        foreach (var range in ranges.Where(range => range.From < range.To))
        {
            var id = range.Partition.ToString(CultureInfo.InvariantCulture);
            await foreach (
                var read in client.ReadEventsFromPartitionAsync(id, EventPosition.FromSequenceNumber(range.From), cancellationToken))
            {
                if (read.Data.SequenceNumber < range.To)
                {
                    yield return ToRecord(topic, range.Partition, read.Data);
                }

                if (read.Data.SequenceNumber + 1 >= range.To)
                {
                    break;
                }
            }
        }
    }

    private static StreamRecord ToRecord(string topic, int partition, EventData data) => new(
        new RecordOrigin(topic, partition, data.SequenceNumber),
        data.EnqueuedTime,
        data.EventBody.ToMemory(),
        [
            .. data.Properties.Select(property => property.Value is byte[] bytes
                ? new RecordHeader(property.Key, bytes)
                : RecordHeader.FromText(property.Key, Convert.ToString(property.Value, CultureInfo.InvariantCulture) ?? "")),
        ]);

    private EventStreamException ToStreamException(string topic, EventHubsException problem) =>
        new($"{clients.Connection} does not describe topic '{topic}': {problem.Message.ReplaceLineEndings(" ")}", problem);
}
