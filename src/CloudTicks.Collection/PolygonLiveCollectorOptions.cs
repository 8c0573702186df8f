using CloudTicks.Collection.Running;
using CloudTicks.Polygon.Sessions;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection;

/// <summary>
/// The options of a <see cref="PolygonLiveCollector"/>. Not a record, because the ToString of a record would print the key.
/// </summary>
public sealed class PolygonLiveCollectorOptions
{
    /// <summary>The API key. Default: the environment variable <c>POLYGON_API_KEY</c>.</summary>
    public string? ApiKey { get; init; }

    /// <summary>
    /// The event hub that receives the ticks: <c>host:port[,host:port]</c> of a Kafka-compatible server, or a connection string of Event
    /// Hubs. Default: the local event hub, <c>127.0.0.1:9092</c>.
    /// </summary>
    public string EventHub { get; init; } = "127.0.0.1:9092";

    /// <summary>The feed's endpoint and limits.</summary>
    public PolygonOptions Polygon { get; init; } = new();

    /// <summary>
    /// The collection settings. Symbols that they select are collected in addition to those passed to
    /// <see cref="PolygonLiveCollector.ConnectWebSocketAsync"/>.
    /// </summary>
    public CollectorOptions Collector { get; init; } = new();

    /// <summary>Creates the loggers; null (default) for no logging.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    internal DrainTimings DrainTimings { get; init; } = new();
}
