namespace CloudTicks.EventHub.Protocol.Apis;

/// <summary>FindCoordinator, key 10, versions 0 to 2: always this node, for groups. There are no transactions to coordinate.</summary>
internal sealed class FindCoordinatorApi(Broker broker) : Api(ApiKey.FindCoordinator, 0, 2)
{
    private const sbyte GroupKey = 0;

    public override ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken)
    {
        var reader = new WireReader(request.Body.Span);
        reader.ReadString();
        var served = request.Version == 0 || reader.ReadInt8() == GroupKey;
        var body = response.Body;
        if (request.Version >= 1)
        {
            body.WriteInt32(0);
        }

        body.WriteError(served ? ErrorCode.None : ErrorCode.InvalidRequest);
        if (request.Version >= 1)
        {
            body.WriteString(served ? null : "Transactions are not served.");
        }

        body.WriteInt32(served ? Broker.NodeId : -1);
        body.WriteString(served ? broker.HostFor(request) : "");
        body.WriteInt32(served ? broker.Port : -1);
        return ValueTask.CompletedTask;
    }
}
