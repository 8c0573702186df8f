using CloudTicks.EventHub.Apis;
using CloudTicks.EventHub.Metrics;
using CloudTicks.EventHub.Security;
using CloudTicks.Foundations;

namespace CloudTicks.EventHub.Connections;

/// <summary>What all connections share. Three budgets bound the bytes of requests, of fetched records and of other large answers.</summary>
internal sealed record ConnectionServices(
    ApiTable Apis, ByteBudget Requests, ByteBudget Fetches, ByteBudget Answers, EventHubMetrics Metrics, TimeProvider Time,
    HubSecurity Security, Authenticator? Authenticator, Anteroom Anteroom, RefusalLog Refusals);
