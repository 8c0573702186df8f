using CloudTicks.EventHub.Broker;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>FindCoordinator, key 10, versions 0 to 4: always this node, for groups. There are no transactions to coordinate.</summary>
internal sealed class FindCoordinatorApi(BrokerNode broker) : Api(ApiKey.FindCoordinator, 0, 4, firstFlexible: 3)
{
    private const sbyte GroupKey = 0;

    private const short SeveralFrom = 4;

    public override ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken)
    {
        var (keys, served) = Read(request);
        var body = response.Body;
        if (request.Version >= 1)
        {
            body.WriteInt32(0);
        }

        var (host, port, node) = served ? (broker.HostFor(request.Session.ReachedHost), broker.Port, BrokerNode.NodeId) : ("", -1, -1);
        var error = served ? ErrorCode.None : ErrorCode.InvalidRequest;
        var message = served ? null : "Transactions are not served.";
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

    private static (List<string> Keys, bool Served) Read(Request request)
    {
        var reader = request.Reader();
        if (request.Version < SeveralFrom)
        {
            return ([reader.ReadString()], request.Version == 0 || reader.ReadInt8() == GroupKey);
        }

        var served = reader.ReadInt8() == GroupKey;
        var keys = new List<string>();
        for (var count = reader.ReadArrayLength(1); count > 0; count--)
        {
            keys.Add(reader.ReadString());
        }

        return (keys, served);
    }
}
