using CloudTicks.EventHub.Broker;
using CloudTicks.EventHub.Groups;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>
/// JoinGroup, key 11, versions 0 to 6. During a rebalance, the response waits until all members have joined or been removed.
/// </summary>
internal sealed class JoinGroupApi(BrokerNode broker) : Api(ApiKey.JoinGroup, 0, 6, firstFlexible: 6)
{
    private const short IdRequiredFromVersion = 4;

    public override async ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken)
    {
        var (group, join) = Read(request);
        request.Release(); // a request may wait for minutes: its buffer must not block other requests
        var result = group.Length == 0
            ? JoinResponse.Refused(ErrorCode.InvalidGroupId, join.MemberId)
            : await broker.Groups.CallOrCreateAsync(
                group, (g, now, reply) => g.Join(join, now, reply), JoinResponse.Refused(ErrorCode.GroupMaxSizeReached, join.MemberId),
                cancellationToken);

        Write(response.Body, request.Version, result);
    }

    private static (string Group, JoinRequest Join) Read(Request request)
    {
        var version = request.Version;
        var reader = request.Reader();
        var group = reader.ReadString();
        var session = TimeSpan.FromMilliseconds(reader.ReadInt32());
        var rebalance = version >= 1 ? TimeSpan.FromMilliseconds(Math.Max(reader.ReadInt32(), 0)) : session;
        var member = reader.ReadString();
        var instance = version >= 5 ? reader.ReadNullableString() : null;
        var type = reader.ReadString();
        var protocols = new List<MemberProtocol>();
        for (var count = reader.ReadArrayLength(6); count > 0; count--)
        {
            protocols.Add(new MemberProtocol(reader.ReadString(), reader.ReadBytes()));
            reader.EndStruct();
        }

        return (group, new JoinRequest(
            member, instance, request.ClientId, request.ClientHost, session, rebalance, type, protocols, version >= IdRequiredFromVersion));
    }

    private static void Write(WireWriter body, short version, JoinResponse result)
    {
        if (version >= 2)
        {
            body.WriteInt32(0);
        }

        body.WriteError(result.Error);
        body.WriteInt32(result.Generation);
        body.WriteString(result.Protocol);
        body.WriteString(result.Leader);
        body.WriteString(result.MemberId);
        body.WriteArray(result.Members, (w, member) =>
        {
            w.WriteString(member.MemberId);
            if (version >= 5)
            {
                w.WriteString(member.InstanceId);
            }

            w.WriteBytes(member.Metadata);
        });
    }
}
