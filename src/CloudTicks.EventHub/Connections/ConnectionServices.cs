using CloudTicks.EventHub.Hosting;
using CloudTicks.EventHub.Protocol;

namespace CloudTicks.EventHub.Connections;

/// <summary>What every connection uses.</summary>
/// <param name="Apis">The handlers.</param>
/// <param name="Requests">The bound on request bytes in memory.</param>
/// <param name="Metrics">Told of bytes and durations.</param>
/// <param name="Time">The clock.</param>
internal sealed record ConnectionServices(ApiTable Apis, ByteBudget Requests, EventHubMetrics Metrics, TimeProvider Time);
