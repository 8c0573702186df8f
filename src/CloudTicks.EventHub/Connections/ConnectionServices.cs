using CloudTicks.EventHub.Apis;
using CloudTicks.EventHub.Metrics;
using CloudTicks.EventHub.Security;
using CloudTicks.EventHub.Shares;
using CloudTicks.Foundations;

namespace CloudTicks.EventHub.Connections;

/// <summary>The services that all connections share.</summary>
internal sealed record ConnectionServices(
    ApiTable Apis, MemoryBudgets Memory, HeavyWork Heavy, EventHubMetrics Metrics, TimeProvider Time, HubSecurity Security,
    Authenticator? Authenticator, PendingLogins PendingLogins, RefusalLog Refusals)
{
    private const int MaxLargeRequestBytesInLog = 16 * 1024 * 1024;

    /// <summary>
    /// The budget of the large produce requests in the log's queue. Above it, further large requests wait outside the queue, so that no
    /// small request waits behind them.
    /// </summary>
    public ByteBudget LargeRequests { get; } = new(MaxLargeRequestBytesInLog);
}
