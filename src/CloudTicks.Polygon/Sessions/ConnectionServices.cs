using CloudTicks.Polygon.Requests;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Polygon.Sessions;

/// <summary>The services that all connections share.</summary>
/// <param name="Budget">The request budget of the API key.</param>
internal sealed record ConnectionServices(
    FrameQueue Frames, PolygonApiKey ApiKey, RequestBudget Budget, SessionTimings Timings, PolygonMetrics Metrics, TimeProvider Time,
    ILogger Logger);
