using CloudTicks.EventHub.Broker;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>DeleteTopics, key 20, versions 0 to 6: deletes topics with their records.</summary>
internal sealed class DeleteTopicsApi(BrokerNode broker) : Api(ApiKey.DeleteTopics, 0, 6, firstFlexible: 4)
{
    private const short FirstVersionWithIds = 6;

    public override async ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken)
    {
        var outcomes = new List<(string? Name, Guid Id, ErrorCode Error)>();
        foreach (var (name, id) in Read(request))
        {
            outcomes.Add((name, id, name is null ? ErrorCode.UnknownTopicId : await DeleteAsync(name)));
        }

        if (request.Version >= 1)
        {
            response.Body.WriteInt32(0);
        }

        response.Body.WriteArray(outcomes, (w, outcome) =>
        {
            w.WriteString(outcome.Name);
            if (request.Version >= FirstVersionWithIds)
            {
                w.WriteGuid(outcome.Id);
            }

            w.WriteError(outcome.Error);
            if (request.Version >= 5)
            {
                w.WriteString(null);
            }
        });
    }

    private List<(string? Name, Guid Id)> Read(Request request)
    {
        var reader = request.Reader();
        var names = new List<(string?, Guid)>();
        for (var count = reader.ReadArrayLength(2); count > 0; count--)
        {
            var name = request.Version >= FirstVersionWithIds ? reader.ReadNullableString() : reader.ReadString();
            var id = request.Version >= FirstVersionWithIds ? reader.ReadGuid() : default;
            name ??= broker.Storage.Topics.All.FirstOrDefault(t => t.Id == id)?.Name;
            names.Add((name, id));
            if (request.Version >= FirstVersionWithIds)
            {
                reader.EndStruct();
            }
        }

        return names;
    }

    private async Task<ErrorCode> DeleteAsync(string name)
    {
        var deletion = new TopicDeletion(broker.Storage.Topics, broker.Storage.Offsets.RemoveTopic, name);
        broker.Storage.Log.Enqueue(deletion);
        try
        {
            var error = await deletion.Completion;
            if (error == ErrorCode.None)
            {
                broker.Logger.TopicDeleted(name);
            }

            return error;
        }
        catch (LogUnavailableException e) when (e.Reason == LogFailure.DiskFull)
        {
            return ErrorCode.StorageError;
        }
    }
}
