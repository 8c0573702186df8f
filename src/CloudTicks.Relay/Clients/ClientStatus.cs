using System.Text.Json.Serialization;
using CloudTicks.Relay.Archive;

namespace CloudTicks.Relay.Clients;

/// <summary>Handles <c>GET /api/v1/status</c>: the connected clients, their channels and their backlogs.</summary>
internal sealed class ClientStatus(ClientSessions sessions, ArchiveTail tail)
{
    private const int MaxNames = 100;

    public StatusReport Read() => new(tail.GetStatus(), [.. sessions.All.Select(ConnectedClient.Of)]);

    internal sealed record StatusReport(
        [property: JsonPropertyName("archive")] ArchiveTailStatus Archive,
        [property: JsonPropertyName("clients")] IReadOnlyList<ConnectedClient> Clients);

    /// <param name="Key">The name of the key; empty before authentication.</param>
    /// <param name="Channels">The number of subscribed channels.</param>
    /// <param name="Names">The names of the first hundred channels.</param>
    /// <param name="WaitingEvents">The number of events not yet written to the client's socket.</param>
    /// <param name="BehindMs">How long the oldest waiting event has waited, ms.</param>
    internal sealed record ConnectedClient(
        [property: JsonPropertyName("id")] long Id,
        [property: JsonPropertyName("key")] string Key,
        [property: JsonPropertyName("market")] string Market,
        [property: JsonPropertyName("remote")] string Remote,
        [property: JsonPropertyName("connected_ms")] long ConnectedMs,
        [property: JsonPropertyName("channels")] int Channels,
        [property: JsonPropertyName("names")] IReadOnlyList<string> Names,
        [property: JsonPropertyName("sent_events")] long SentEvents,
        [property: JsonPropertyName("sent_bytes")] long SentBytes,
        [property: JsonPropertyName("waiting_events")] long WaitingEvents,
        [property: JsonPropertyName("waiting_bytes")] long WaitingBytes,
        [property: JsonPropertyName("behind_ms")] long BehindMs)
    {
        public static ConnectedClient Of(ClientSession session)
        {
            var (bytes, events, age) = session.Waiting;
            return new ConnectedClient(
                session.Id, session.Caller, session.Market.ToString().ToLowerInvariant(), session.Remote,
                session.ConnectedAt.ToUnixTimeMilliseconds(), session.Channels, session.ChannelNames(MaxNames), session.SentEvents,
                session.SentBytes, events, bytes, (long)age.TotalMilliseconds);
        }
    }
}
