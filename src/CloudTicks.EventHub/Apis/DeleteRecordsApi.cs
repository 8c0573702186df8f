using CloudTicks.EventHub.Broker;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>
/// DeleteRecords, key 21, versions 0 and 1: moves the start of partitions to an offset, or to the end (-1). Segments before the new start
/// are deleted; earlier records of the segment that contains the new start are no longer served.
/// </summary>
internal sealed class DeleteRecordsApi(BrokerNode broker) : Api(ApiKey.DeleteRecords, 0, 1)
{
    public override async ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken)
    {
        var requestedTopics = Read(request);
        var moves = new Dictionary<(string Topic, int Partition), LogStartMove>();
        foreach (var (topic, partitions) in requestedTopics)
        {
            foreach (var (partition, offset) in partitions)
            {
                if (broker.Storage.Topics.Find(topic, out var found) && found.Partition(partition) is { } log)
                {
                    moves[(topic, partition)] = new LogStartMove(found, log, offset);
                }
            }
        }

        var errors = moves.Keys.Zip(await broker.Storage.Starts.MoveAsync([.. moves.Values])).ToDictionary();
        foreach (var move in moves.Where(m => errors[m.Key] == ErrorCode.None))
        {
            broker.Logger.RecordsDeleted(move.Value.Partition.Name, move.Value.Partition.LogStart);
        }

        var body = response.Body;
        body.WriteInt32(0);
        body.WriteArray(requestedTopics, (w, topic) =>
        {
            w.WriteString(topic.Name);
            w.WriteArray(topic.Partitions, (w, partition) =>
            {
                var key = (topic.Name, partition.Index);
                var error = errors.GetValueOrDefault(key, ErrorCode.UnknownTopicOrPartition);
                w.WriteInt32(partition.Index);
                w.WriteInt64(error == ErrorCode.None ? moves[key].Partition.LogStart : -1);
                w.WriteError(error);
            });
        });
    }

    private static List<(string Name, List<(int Index, long Offset)> Partitions)> Read(Request request)
    {
        var reader = new WireReader(request.Body.Span);
        var topics = new List<(string, List<(int, long)>)>();
        for (var count = reader.ReadArrayLength(6); count > 0; count--)
        {
            var name = reader.ReadString();
            var partitions = new List<(int, long)>();
            for (var number = reader.ReadArrayLength(12); number > 0; number--)
            {
                partitions.Add((reader.ReadInt32(), reader.ReadInt64()));
            }

            topics.Add((name, partitions));
        }

        reader.ReadInt32(); // timeout: the response is sent after the flush
        return topics;
    }
}
