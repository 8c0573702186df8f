using CloudTicks.EventHub.Broker;
using CloudTicks.EventHub.Groups;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>DescribeGroups, key 15, versions 0 to 5: returns the state and the members of groups, for tools.</summary>
internal sealed class DescribeGroupsApi(BrokerNode broker) : Api(ApiKey.DescribeGroups, 0, 5, firstFlexible: 5)
{
    public override async ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken)
    {
        var version = request.Version;
        var descriptions = new List<Description>();
        var (ids, operations) = Read(request);
        foreach (var id in ids.Distinct(StringComparer.Ordinal))
        {
            descriptions.Add(
                await broker.Groups.CallAsync(id, static (group, _) => group.IsEmpty ? null : Describe(group), null, cancellationToken)
                    ?? DescribeWithoutMembers(id));
        }

        if (version >= 1)
        {
            response.Body.WriteInt32(0);
        }

        response.Body.WriteArray(descriptions, (w, description) => Write(w, version, description, operations));
    }

    private static (List<string> Ids, int Operations) Read(Request request)
    {
        var reader = request.Reader();
        var ids = new List<string>();
        for (var count = reader.ReadArrayLength(2); count > 0; count--)
        {
            ids.Add(reader.ReadString());
        }

        var includeOperations = request.Version >= 3 && reader.ReadBoolean();
        return (ids, includeOperations ? AuthorizedOperations.Group : AuthorizedOperations.NotRequested);
    }

    private Description DescribeWithoutMembers(string id) => broker.Storage.Offsets.Has(id)
        ? new Description(id, nameof(GroupState.Empty), broker.Storage.Groups.Find(id)?.ProtocolType ?? "", "", [])
        : new Description(id, "Dead", "", "", []);

    /// <summary>The protocol, the members' metadata and their assignments are included only while the group is stable.</summary>
    private static Description Describe(Group group)
    {
        var isStable = group.State == GroupState.Stable;
        return new Description(
            group.Id, group.State.ToString(), group.ProtocolType, isStable ? group.Protocol : "",
            [.. group.Members.Select(m => new Member(
                m.Id, m.LastJoin.InstanceId, m.LastJoin.ClientId, m.LastJoin.ClientHost,
                isStable ? m.MetadataFor(group.Protocol) : [], isStable ? m.Assignment : []))]);
    }

    private static void Write(WireWriter body, short version, Description description, int operations)
    {
        body.WriteError(ErrorCode.None);
        body.WriteString(description.Id);
        body.WriteString(description.State);
        body.WriteString(description.ProtocolType);
        body.WriteString(description.Protocol);
        body.WriteArray(description.Members, (w, member) =>
        {
            w.WriteString(member.Id);
            if (version >= 4)
            {
                w.WriteString(member.Instance);
            }

            w.WriteString(member.ClientId);
            w.WriteString(member.ClientHost);
            w.WriteBytes(member.Metadata);
            w.WriteBytes(member.Assignment);
        });
        if (version >= 3)
        {
            body.WriteInt32(operations);
        }
    }

    private sealed record Description(string Id, string State, string ProtocolType, string Protocol, List<Member> Members);

    private sealed record Member(string Id, string? Instance, string ClientId, string ClientHost, byte[] Metadata, byte[] Assignment);
}
