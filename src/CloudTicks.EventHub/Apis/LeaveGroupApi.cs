using CloudTicks.EventHub.Broker;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>LeaveGroup, key 13, versions 0 to 4. In versions 3 and later, several members can leave in one request.</summary>
internal sealed class LeaveGroupApi(BrokerNode broker) : Api(ApiKey.LeaveGroup, 0, 4, firstFlexible: 4)
{
    private const short FirstBatchedVersion = 3;

    public override async ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken)
    {
        var (group, leavingMembers) = Read(request);
        var outcomes = new List<(string Member, string? Instance, ErrorCode Error)>();
        foreach (var (member, instance) in leavingMembers)
        {
            var error = await broker.Groups.CallAsync(
                group, (g, now) => g.Leave(member, instance, now), ErrorCode.UnknownMemberId, cancellationToken);
            outcomes.Add((member, instance, error));
        }

        var body = response.Body;
        if (request.Version >= 1)
        {
            body.WriteInt32(0);
        }

        if (request.Version < FirstBatchedVersion)
        {
            body.WriteError(outcomes[0].Error);
            return;
        }

        body.WriteError(ErrorCode.None);
        body.WriteArray(outcomes, static (w, outcome) =>
        {
            w.WriteString(outcome.Member);
            w.WriteString(outcome.Instance);
            w.WriteError(outcome.Error);
        });
    }

    private static (string Group, List<(string Member, string? Instance)> Leaving) Read(Request request)
    {
        var reader = request.Reader();
        var group = reader.ReadString();
        if (request.Version < FirstBatchedVersion)
        {
            return (group, [(reader.ReadString(), null)]);
        }

        var leavingMembers = new List<(string, string?)>();
        for (var count = reader.ReadArrayLength(4); count > 0; count--)
        {
            leavingMembers.Add((reader.ReadString(), reader.ReadNullableString()));
            reader.EndStruct();
        }

        return (group, leavingMembers);
    }
}
