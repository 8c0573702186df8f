using CloudTicks.Polygon.Requests;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Polygon.Sessions;

/// <summary>What all connections share.</summary>
/// <param name="Frames">Takes what is received.</param>
/// <param name="Budget">The requests that the key may make.</param>
/// <param name="Timings">How long things are waited for.</param>
/// <param name="Metrics">Counts what happens.</param>
/// <param name="Logger">Told what happens.</param>
internal sealed record ConnectionServices(
    FrameQueue Frames, PolygonApiKey ApiKey, RequestBudget Budget, SessionTimings Timings, PolygonMetrics Metrics, TimeProvider Time,
    ILogger Logger);
