using CloudTicks.EventHub.Broker;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>
/// FindCoordinator, key 10, versions 0 to 4: always this node, for groups. There are no transactions to coordinate: error 53 makes every
/// client fail at once, where most others make it ask again.
/// </summary>
internal sealed class FindCoordinatorApi(BrokerNode broker) : Api(ApiKey.FindCoordinator, 0, 4, firstFlexible: 3)
{
    private const sbyte GroupKey = 0;
    private const sbyte TransactionKey = 1;
    private const short SeveralFrom = 4;

    public override ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken)
    {
        var (keys, type) = Read(request);
        var body = response.Body;
        if (request.Version >= 1)
        {
            body.WriteInt32(0);
        }

        var (error, message) = type switch
        {
            GroupKey => (ErrorCode.None, (string?)null),
            TransactionKey =>
                (ErrorCode.TransactionalIdAuthorizationFailed, "This event hub has no transactions: write without a transactional id."),
            _ => (ErrorCode.InvalidRequest, $"There is no coordinator of type {type}."),
        };
        var served = error == ErrorCode.None;
        var (host, port, node) = served ? (broker.HostFor(request.Session.ReachedHost), broker.Port, BrokerNode.NodeId) : ("", -1, -1);
        if (request.Version >= SeveralFrom)
        {
            body.WriteArray(keys, (w, key) =>
            {
                w.WriteString(key);
                w.WriteInt32(node);
                w.WriteString(host);
                w.WriteInt32(port);
                w.WriteError(error);
                w.WriteString(message);
            });
            return ValueTask.CompletedTask;
        }

        body.WriteError(error);
        if (request.Version >= 1)
        {
            body.WriteString(message);
        }

        body.WriteInt32(node);
        body.WriteString(host);
        body.WriteInt32(port);
        return ValueTask.CompletedTask;
    }

    private static (List<string> Keys, sbyte Type) Read(Request request)
    {
        var reader = request.Reader();
        if (request.Version < SeveralFrom)
        {
            return ([reader.ReadString()], request.Version == 0 ? GroupKey : reader.ReadInt8());
        }

        var type = reader.ReadInt8();
        var keys = new List<string>();
        for (var count = reader.ReadArrayLength(1); count > 0; count--)
        {
            keys.Add(reader.ReadString());
        }

        return (keys, type);
    }
}
