using CloudTicks.EventHub.Broker;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>DescribeCluster, key 60, version 0: returns the cluster's only node.</summary>
internal sealed class DescribeClusterApi(BrokerNode broker) : Api(ApiKey.DescribeCluster, 0, 0, firstFlexible: 0)
{
    public override ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken)
    {
        var reader = request.Reader();
        var operations = reader.ReadBoolean() ? AuthorizedOperations.Cluster : AuthorizedOperations.NotRequested;
        var body = response.Body;
        body.WriteInt32(0);
        body.WriteError(ErrorCode.None);
        body.WriteString(null);
        body.WriteString(broker.ClusterId);
        body.WriteInt32(BrokerNode.NodeId);
        body.WriteArray([broker.HostFor(request.Session.ReachedHost)], (w, host) =>
        {
            w.WriteInt32(BrokerNode.NodeId);
            w.WriteString(host);
            w.WriteInt32(broker.Port);
            w.WriteString(null); // rack
        });
        body.WriteInt32(operations);
        return ValueTask.CompletedTask;
    }
}
