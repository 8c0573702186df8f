using CloudTicks.EventHub.Broker;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>Heartbeat, key 12, versions 0 to 4: keeps a member in its group.</summary>
internal sealed class HeartbeatApi(BrokerNode broker) : Api(ApiKey.Heartbeat, 0, 4, firstFlexible: 4)
{
    public override async ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken)
    {
        var (group, generation, member, instance) = Read(request);
        var error = await broker.Groups.CallAsync(
            group, (g, now) => g.Heartbeat(member, instance, generation, now), ErrorCode.UnknownMemberId, cancellationToken);
        if (request.Version >= 1)
        {
            response.Body.WriteInt32(0);
        }

        response.Body.WriteError(error);
    }

    private static (string Group, int Generation, string Member, string? Instance) Read(Request request)
    {
        var reader = request.Reader();
        return (reader.ReadString(), reader.ReadInt32(), reader.ReadString(), request.Version >= 3 ? reader.ReadNullableString() : null);
    }
}
