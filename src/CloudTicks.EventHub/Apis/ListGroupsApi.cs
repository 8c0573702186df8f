using CloudTicks.EventHub.Broker;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>ListGroups, key 16, versions 0 to 2, for tools: groups with members, and those with committed offsets.</summary>
internal sealed class ListGroupsApi(BrokerNode broker) : Api(ApiKey.ListGroups, 0, 2)
{
    public override async ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken)
    {
        var groups = new List<(string Id, string ProtocolType)>();
        foreach (var id in broker.Groups.Ids)
        {
            var empty = broker.Storage.Groups.Find(id)?.ProtocolType ?? "";
            var type = await broker.Groups.CallAsync(
                id, static (group, _) => group.Deserted ? null : group.ProtocolType, null, cancellationToken);
            if (type is not null || broker.Storage.Offsets.Has(id))
            {
                groups.Add((id, type ?? empty)); // one without members and commits is no group any more
            }
        }

        if (request.Version >= 1)
        {
            response.Body.WriteInt32(0);
        }

        response.Body.WriteError(ErrorCode.None);
        response.Body.WriteArray(groups, static (w, group) =>
        {
            w.WriteString(group.Id);
            w.WriteString(group.ProtocolType);
        });
    }
}
