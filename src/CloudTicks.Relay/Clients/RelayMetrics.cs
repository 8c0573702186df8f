using System.Diagnostics.Metrics;
using CloudTicks.Ticks;

namespace CloudTicks.Relay.Clients;

/// <summary>Counts clients, and the events sent to them, in the meter <c>CloudTicks.Relay</c>.</summary>
internal sealed class RelayMetrics
{
    private readonly UpDownCounter<long> _clients;
    private readonly Counter<long> _events;
    private readonly Counter<long> _messages;
    private readonly Counter<long> _bytes;
    private readonly Histogram<double> _lag;
    private readonly Counter<long> _droppedClients;
    private readonly Counter<long> _droppedEvents;

    private readonly Counter<long> _revokedClients;

    public RelayMetrics(IMeterFactory meters, SharedBuffers buffers)
    {
        var meter = meters.Create("CloudTicks.Relay");
        _clients = meter.CreateUpDownCounter<long>("cloudticks.relay.clients", "{client}", "Clients that are connected, by market");
        _events = meter.CreateCounter<long>("cloudticks.relay.sent.events", "{event}", "Events sent to clients");
        _messages = meter.CreateCounter<long>("cloudticks.relay.sent.messages", "{message}", "WebSocket messages sent to clients");
        _bytes = meter.CreateCounter<long>("cloudticks.relay.sent.bytes", "By", "Bytes of WebSocket messages sent to clients");
        _lag = meter.CreateHistogram<double>(
            "cloudticks.relay.lag", "s",
            "Time from the relay's receipt of a message's first event to the write of the message to the client's socket");
        _droppedClients = meter.CreateCounter<long>(
            "cloudticks.relay.dropped.clients", "{client}",
            "Clients that were disconnected because they read too slowly, by the limit exceeded: client or all");
        _droppedEvents = meter.CreateCounter<long>(
            "cloudticks.relay.dropped.events", "{event}", "Events not sent to the clients disconnected because they read too slowly");
        _revokedClients = meter.CreateCounter<long>(
            "cloudticks.relay.revoked.clients", "{client}", "Clients that were disconnected because their key was revoked");
        meter.CreateObservableGauge(
            "cloudticks.relay.waiting.bytes", () => buffers.Bytes, "By", "Bytes buffered for all clients");
    }

    public void Connected(Market market) => _clients.Add(1, Tag(market));

    public void Disconnected(Market market) => _clients.Add(-1, Tag(market));

    public void Sent(OutgoingMessage message, TimeSpan lag)
    {
        _events.Add(message.Events);
        _messages.Add(1);
        _bytes.Add(message.Length);
        _lag.Record(lag.TotalSeconds);
    }

    /// <param name="bound">Which bound was reached: <c>client</c> or <c>all</c>.</param>
    public void Dropped(long events, string bound)
    {
        var tag = new KeyValuePair<string, object?>("bound", bound);
        _droppedClients.Add(1, tag);
        _droppedEvents.Add(events, tag);
    }

    public void Revoked() => _revokedClients.Add(1);

    private static KeyValuePair<string, object?> Tag(Market market) => new("market", market.ToString().ToLowerInvariant());
}
