using CloudTicks.EventHub.Groups;
using CloudTicks.EventHub.Metrics;
using CloudTicks.EventHub.Settings;
using CloudTicks.EventHub.Shares;

namespace CloudTicks.EventHub.Broker;

/// <summary>What the APIs work on. Without a host, clients are told the one by which they came.</summary>
internal sealed record BrokerNode(
    HubStorage Storage, GroupCoordinator Groups, EventHubOptions Options, string Host, int Port, EventHubMetrics Metrics,
    HeavyWork Heavy, TimeProvider Time, ILogger Logger)
{
    /// <summary>The one node: leader of everything, controller and coordinator.</summary>
    public const int NodeId = 1;

    /// <summary>The host that a client is told to connect to.</summary>
    public string HostFor(string reached) => Host.Length > 0 ? Host : reached;

    public string ClusterId => Storage.ClusterId.ToString("N");
}
