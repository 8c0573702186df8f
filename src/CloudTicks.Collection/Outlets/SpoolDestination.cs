using CloudTicks.EventStream;

namespace CloudTicks.Collection.Outlets;

/// <summary>The destination of a spool's records.</summary>
/// <param name="Cluster">The event hub's cluster id, which does not change with its address; null when unknown.</param>
internal sealed record SpoolDestination(string Address, string Setting, string? Cluster)
{
    private const string Loopback = "127.0.0.1";

    /// <summary>The destination for a server that receives ticks over HTTP.</summary>
    public static SpoolDestination Of(Uri server)
    {
        var host = server.Host == "localhost" ? Loopback : server.Host;
        var address = $"{server.Scheme}://{host}:{server.Port}";
        return new SpoolDestination(
            $"the server at {address}", $"Collector:DbServer={(server.Scheme == "http" ? $"{host}:{server.Port}" : address)}", null);
    }

    /// <summary>The destination for an event hub.</summary>
    /// <param name="stream">The identity of the archive's stream; null when the event hub is unavailable.</param>
    public static SpoolDestination Of(EventStreamConnection hub, string? stream) =>
        new(AddressOf(hub.ToString()), $"ConnectionStrings:eventhubs of {hub.BootstrapServers}", stream is null ? null : ClusterOf(stream));

    /// <summary>The destination for the event hub address that an earlier version stored.</summary>
    public static SpoolDestination FromRemembered(string hub) => new(AddressOf(hub), $"ConnectionStrings:eventhubs of {hub}", null);

    /// <summary>Whether records spooled for <paramref name="other"/> may be sent to this destination.</summary>
    public bool IsSameAs(SpoolDestination other) => Address == other.Address || (Cluster is not null && Cluster == other.Cluster);

    private static string AddressOf(string hub) => $"the event hub at {hub}";

    /// <summary>The part of a stream's identity that does not change when the topic is created again.</summary>
    private static string ClusterOf(string stream) =>
        stream.StartsWith("kafka:", StringComparison.Ordinal) ? stream[..stream.LastIndexOf(':')] : stream;
}
