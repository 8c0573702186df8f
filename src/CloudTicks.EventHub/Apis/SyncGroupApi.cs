using CloudTicks.EventHub.Broker;
using CloudTicks.EventHub.Groups;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>SyncGroup, key 14, versions 0 to 4. The response waits for the leader's assignments, which are opaque bytes.</summary>
internal sealed class SyncGroupApi(BrokerNode broker) : Api(ApiKey.SyncGroup, 0, 4, firstFlexible: 4)
{
    public override async ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken)
    {
        var (group, generation, member, instance, assignments) = Read(request);
        request.Release(); // a request may wait for minutes: its buffer must not block other requests
        var result = await broker.Groups.CallAsync(
            group, (g, now, reply) => g.Sync(member, instance, generation, assignments, now, reply),
            new SyncResponse(ErrorCode.UnknownMemberId, []),
            cancellationToken);
        if (request.Version >= 1)
        {
            response.Body.WriteInt32(0);
        }

        response.Body.WriteError(result.Error);
        response.Body.WriteBytes(result.Assignment);
    }

    private static (string Group, int Generation, string Member, string? Instance, Dictionary<string, byte[]> Assignments)
        Read(Request request)
    {
        var reader = request.Reader();
        var (group, generation, member) = (reader.ReadString(), reader.ReadInt32(), reader.ReadString());
        var instance = request.Version >= 3 ? reader.ReadNullableString() : null;
        var assignments = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        for (var count = reader.ReadArrayLength(6); count > 0; count--)
        {
            assignments[reader.ReadString()] = reader.ReadBytes();
            reader.EndStruct();
        }

        return (group, generation, member, instance, assignments);
    }
}
