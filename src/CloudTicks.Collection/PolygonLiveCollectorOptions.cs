using CloudTicks.Polygon.Sessions;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection;

/// <summary>What a <see cref="PolygonLiveCollector"/> in a program of one's own needs; a class, so that nothing prints the key.</summary>
public sealed class PolygonLiveCollectorOptions
{
    /// <summary>The API key; by default that of the environment variable <c>POLYGON_API_KEY</c>.</summary>
    public string? ApiKey { get; init; }

    /// <summary>
    /// The event hub that takes the ticks: <c>host:port[,host:port]</c> of a Kafka-compatible one, or a connection string of Event Hubs. By
    /// default the local event hub, <c>127.0.0.1:9092</c>.
    /// </summary>
    public string EventHub { get; init; } = "127.0.0.1:9092";

    /// <summary>Where the feed is, and how it may be used.</summary>
    public PolygonOptions Polygon { get; init; } = new();

    /// <summary>What is collected beside the symbols that are given when connecting, and how.</summary>
    public CollectorOptions Collector { get; init; } = new();

    /// <summary>Takes the log lines; none by default.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }
}
