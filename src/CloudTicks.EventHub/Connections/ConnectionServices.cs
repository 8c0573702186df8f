using CloudTicks.EventHub.Apis;
using CloudTicks.EventHub.Metrics;
using CloudTicks.EventHub.Security;
using CloudTicks.Foundations;

namespace CloudTicks.EventHub.Connections;

/// <param name="Apis">The handlers.</param>
/// <param name="Requests">The bound on request bytes in memory.</param>
/// <param name="Fetches">The bound on fetched bytes in memory.</param>
/// <param name="Answers">The bound on large answers in memory, fetched records aside.</param>
/// <param name="Metrics">Told of bytes and durations.</param>
/// <param name="Time">The clock.</param>
/// <param name="Security">How clients prove who they are.</param>
/// <param name="Authenticator">Checks passwords; null when there are no users.</param>
/// <param name="Anteroom">The bound on connections that have not logged in.</param>
/// <param name="Refusals">Told why connections are closed.</param>
internal sealed record ConnectionServices(
    ApiTable Apis, ByteBudget Requests, ByteBudget Fetches, ByteBudget Answers, EventHubMetrics Metrics, TimeProvider Time,
    HubSecurity Security,
    Authenticator? Authenticator, Anteroom Anteroom, RefusalLog Refusals);
