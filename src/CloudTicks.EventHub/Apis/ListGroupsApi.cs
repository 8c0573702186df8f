using CloudTicks.EventHub.Broker;
using CloudTicks.EventHub.Groups;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>ListGroups, key 16, versions 0 to 4: groups that have members or committed offsets, optionally filtered by state.</summary>
internal sealed class ListGroupsApi(BrokerNode broker) : Api(ApiKey.ListGroups, 0, 4, firstFlexible: 3)
{
    public override async ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken)
    {
        var states = Read(request);
        var groups = new List<(string Id, string ProtocolType, string State)>();
        foreach (var id in broker.Groups.Ids)
        {
            var storedType = broker.Storage.Groups.Find(id)?.ProtocolType ?? "";
            var (type, state) = await broker.Groups.CallAsync(
                id, static (group, _) => group.IsEmpty ? default : (group.ProtocolType, group.State.ToString()),
                default((string? Type, string? State)), cancellationToken);
            if (type is null && !broker.Storage.Offsets.Has(id))
            {
                continue; // a group with neither members nor commits no longer exists
            }

            state ??= nameof(GroupState.Empty);
            if (states.Count == 0 || states.Contains(state))
            {
                groups.Add((id, type ?? storedType, state));
            }
        }

        if (request.Version >= 1)
        {
            response.Body.WriteInt32(0);
        }

        response.Body.WriteError(ErrorCode.None);
        response.Body.WriteArray(groups, (w, group) =>
        {
            w.WriteString(group.Id);
            w.WriteString(group.ProtocolType);
            if (request.Version >= 4)
            {
                w.WriteString(group.State);
            }
        });
    }

    /// <summary>Reads the requested states; none means all.</summary>
    private static HashSet<string> Read(Request request)
    {
        var reader = request.Reader();
        var states = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var count = request.Version >= 4 ? reader.ReadArrayLength(1) : 0; count > 0; count--)
        {
            states.Add(reader.ReadString());
        }

        return states;
    }
}
