using CloudTicks.EventHub.Groups;
using CloudTicks.EventHub.Metrics;
using CloudTicks.EventHub.Settings;
using CloudTicks.Foundations;

namespace CloudTicks.EventHub.Broker;

/// <summary>What the APIs work on.</summary>
/// <param name="Storage">Everything durable.</param>
/// <param name="Groups">The consumer groups.</param>
/// <param name="Options">Bounds and defaults.</param>
/// <param name="Host">The host that clients are told; when empty, the one by which they came.</param>
/// <param name="Port">The port that clients are told.</param>
/// <param name="Fetches">The bound on fetched bytes in memory.</param>
/// <param name="Metrics">Told of acknowledged records.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logger">Told of topics made and deleted.</param>
internal sealed record BrokerNode(
    HubStorage Storage, GroupCoordinator Groups, EventHubOptions Options, string Host, int Port, ByteBudget Fetches,
    EventHubMetrics Metrics,
    TimeProvider Time, ILogger Logger)
{
    /// <summary>The one node: leader of everything, controller and coordinator.</summary>
    public const int NodeId = 1;

    /// <summary>The host that a client is told to connect to.</summary>
    /// <param name="reached">The one by which it came.</param>
    public string HostFor(string reached) => Host.Length > 0 ? Host : reached;

    public string ClusterId => Storage.ClusterId.ToString("N");
}
