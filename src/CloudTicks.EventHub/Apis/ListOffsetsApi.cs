using CloudTicks.EventHub.Broker;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>
/// ListOffsets, key 2, versions 1 to 6: returns the earliest offset (-2), the latest (-1), or the first at or after a time.
/// </summary>
internal sealed class ListOffsetsApi(BrokerNode broker) : Api(ApiKey.ListOffsets, 1, 6, firstFlexible: 6)
{
    private const long Latest = -1;
    private const long Earliest = -2;

    public override ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken)
    {
        var version = request.Version;
        var reader = request.Reader();
        reader.ReadInt32(); // replica id
        if (version >= 2)
        {
            reader.ReadInt8(); // isolation
        }

        var body = response.Body;
        if (version >= 2)
        {
            body.WriteInt32(0);
        }

        var topicCount = reader.ReadArrayLength(6);
        body.WriteArrayLength(topicCount);
        for (; topicCount > 0; topicCount--)
        {
            var topic = reader.ReadString();
            body.WriteString(topic);
            var partitionCount = reader.ReadArrayLength(12);
            body.WriteArrayLength(partitionCount);
            for (; partitionCount > 0; partitionCount--)
            {
                var partition = reader.ReadInt32();
                if (version >= 4)
                {
                    reader.ReadInt32(); // leader epoch
                }

                var (error, offset, timestamp) = Find(topic, partition, reader.ReadInt64());
                body.WriteInt32(partition);
                body.WriteError(error);
                body.WriteInt64(timestamp);
                body.WriteInt64(offset);
                if (version >= 4)
                {
                    body.WriteInt32(-1);
                }

                reader.EndStruct();
                body.EndStruct();
            }

            reader.EndStruct();
            body.EndStruct();
        }

        return ValueTask.CompletedTask;
    }

    private (ErrorCode Error, long Offset, long Timestamp) Find(string topic, int partition, long timestamp) =>
        (broker.Storage.Topics.FindPartition(topic, partition), timestamp) switch
        {
            (null, _) => (ErrorCode.UnknownTopicOrPartition, -1, -1),
            ({ } log, Latest) => (ErrorCode.None, log.HighWatermark, -1),
            ({ } log, Earliest) => (ErrorCode.None, log.LogStart, -1),
            (_, < 0) => (ErrorCode.InvalidRequest, -1, -1),
            ({ } log, _) => log.Reader.FindTime(timestamp) is { } found
                ? (ErrorCode.None, found.Offset, found.Timestamp)
                : (ErrorCode.None, -1, -1),
        };
}
