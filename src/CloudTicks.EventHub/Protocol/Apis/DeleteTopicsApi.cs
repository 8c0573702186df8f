using CloudTicks.EventHub.Hosting;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wal;

namespace CloudTicks.EventHub.Protocol.Apis;

/// <summary>DeleteTopics, key 20, versions 0 to 3.</summary>
internal sealed class DeleteTopicsApi(Broker broker) : Api(ApiKey.DeleteTopics, 0, 3)
{
    public override async ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken)
    {
        var outcomes = new List<(string Name, ErrorCode Error)>();
        foreach (var name in Read(request))
        {
            outcomes.Add((name, await DeleteAsync(name)));
        }

        if (request.Version >= 1)
        {
            response.Body.WriteInt32(0);
        }

        response.Body.WriteArray(outcomes, static (w, outcome) =>
        {
            w.WriteString(outcome.Name);
            w.WriteError(outcome.Error);
        });
    }

    private static List<string> Read(Request request)
    {
        var reader = new WireReader(request.Body.Span);
        var names = new List<string>();
        for (var count = reader.ReadArrayLength(2); count > 0; count--)
        {
            names.Add(reader.ReadString());
        }

        return names;
    }

    private async Task<ErrorCode> DeleteAsync(string name)
    {
        var deletion = new TopicDeletion(broker.Storage.Topics, broker.Storage.Offsets, name);
        broker.Storage.Log.Enqueue(deletion);
        try
        {
            var error = await deletion.Answer;
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
