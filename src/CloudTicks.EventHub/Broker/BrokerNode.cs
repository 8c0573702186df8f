using CloudTicks.EventHub.Groups;
using CloudTicks.EventHub.Metrics;
using CloudTicks.EventHub.Settings;
using CloudTicks.EventHub.Shares;

namespace CloudTicks.EventHub.Broker;

/// <summary>The state that the APIs share. Without a configured host, responses name the host that the client used.</summary>
internal sealed record BrokerNode(
    HubStorage Storage, GroupCoordinator Groups, EventHubOptions Options, string Host, int Port, EventHubMetrics Metrics,
    HeavyWork Heavy, TimeProvider Time, ILogger Logger)
{
    /// <summary>The id of the only node, which is the leader of every partition, the controller and the coordinator.</summary>
    public const int NodeId = 1;

    /// <summary>The host that a response advertises to the client.</summary>
    public string HostFor(string usedByClient) => Host.Length > 0 ? Host : usedByClient;

    public string ClusterId => Storage.ClusterId.ToString("N");
}
