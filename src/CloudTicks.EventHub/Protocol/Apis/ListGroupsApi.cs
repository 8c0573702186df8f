namespace CloudTicks.EventHub.Protocol.Apis;

/// <summary>ListGroups, key 16, versions 0 to 2, for tools: groups with members, and those with committed offsets.</summary>
internal sealed class ListGroupsApi(Broker broker) : Api(ApiKey.ListGroups, 0, 2)
{
    public override async ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken)
    {
        var groups = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var id in broker.Storage.Offsets.Groups)
        {
            groups[id] = "";
        }

        foreach (var id in broker.Groups.Ids)
        {
            // One without members and commits is no group any more.
            if (broker.Groups.Find(id) is { } loop
                && (groups.ContainsKey(id) || !await loop.CallAsync(static (group, _) => group.Idle, cancellationToken)))
            {
                groups[id] = await loop.CallAsync(static (group, _) => group.ProtocolType, cancellationToken);
            }
        }

        if (request.Version >= 1)
        {
            response.Body.WriteInt32(0);
        }

        response.Body.WriteError(ErrorCode.None);
        response.Body.WriteArray(groups, static (w, group) =>
        {
            w.WriteString(group.Key);
            w.WriteString(group.Value);
        });
    }
}
