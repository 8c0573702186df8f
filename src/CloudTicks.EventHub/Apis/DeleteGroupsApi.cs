using CloudTicks.EventHub.Broker;
using CloudTicks.EventHub.Groups;
using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>DeleteGroups, key 42, versions 0 to 2: deletes groups without members, and their offsets.</summary>
internal sealed class DeleteGroupsApi(BrokerNode broker) : Api(ApiKey.DeleteGroups, 0, 2, firstFlexible: 2)
{
    public override async ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken)
    {
        var outcomes = new List<(string Group, ErrorCode Error)>();
        foreach (var group in Read(request))
        {
            outcomes.Add((group, await DeleteAsync(group, cancellationToken)));
        }

        response.Body.WriteInt32(0);
        response.Body.WriteArray(outcomes, static (w, outcome) =>
        {
            w.WriteString(outcome.Group);
            w.WriteError(outcome.Error);
        });
    }

    private static List<string> Read(Request request)
    {
        var reader = request.Reader();
        var groups = new List<string>();
        for (var count = reader.ReadArrayLength(2); count > 0; count--)
        {
            groups.Add(reader.ReadString());
        }

        return groups;
    }

    private async Task<ErrorCode> DeleteAsync(string group, CancellationToken cancellationToken)
    {
        if (!await broker.Groups.CallAsync(group, static (g, _) => g.IsEmpty, true, cancellationToken))
        {
            return ErrorCode.NonEmptyGroup;
        }

        if (!broker.Storage.Offsets.Has(group))
        {
            return ErrorCode.GroupIdNotFound;
        }

        var deletion = new GroupDeletion(broker.Storage.Offsets, broker.Storage.Groups, group);
        broker.Storage.Log.Enqueue(deletion);
        try
        {
            return await deletion.Completion;
        }
        catch (LogUnavailableException e) when (e.Reason == LogFailure.DiskFull)
        {
            return ErrorCode.CoordinatorNotAvailable;
        }
    }
}
