using CloudTicks.Polygon.Requests;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Polygon.Sessions;

/// <summary>What all connections share.</summary>
/// <param name="Budget">The requests that the key may make.</param>
internal sealed record ConnectionServices(
    FrameQueue Frames, PolygonApiKey ApiKey, RequestBudget Budget, SessionTimings Timings, PolygonMetrics Metrics, TimeProvider Time,
    ILogger Logger);
