using CloudTicks.EventHub.Broker;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>
/// FindCoordinator, key 10, versions 0 to 4: returns this node as the coordinator of every group. Transactions are not supported: error 53
/// makes every client fail at once, whereas most other errors make clients retry.
/// </summary>
internal sealed class FindCoordinatorApi(BrokerNode broker) : Api(ApiKey.FindCoordinator, 0, 4, firstFlexible: 3)
{
    private const sbyte GroupKeyType = 0;
    private const sbyte TransactionKeyType = 1;
    private const short FirstBatchedVersion = 4;

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
            GroupKeyType => (ErrorCode.None, (string?)null),
            TransactionKeyType =>
                (ErrorCode.TransactionalIdAuthorizationFailed, "The event hub has no transactions: remove the transactional id."),
            _ => (ErrorCode.InvalidRequest, $"Coordinator type {type} is not supported."),
        };
        var isServed = error == ErrorCode.None;
        var (host, port, node) = isServed ? (broker.HostFor(request.Session.ReachedHost), broker.Port, BrokerNode.NodeId) : ("", -1, -1);
        if (request.Version >= FirstBatchedVersion)
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
        if (request.Version < FirstBatchedVersion)
        {
            return ([reader.ReadString()], request.Version == 0 ? GroupKeyType : reader.ReadInt8());
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
