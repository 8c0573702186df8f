using System.Diagnostics.Metrics;
using CloudTicks.Ticks;

namespace CloudTicks.Relay.Clients;

/// <summary>What the relay sends to its clients. The meter is <c>CloudTicks.Relay</c>.</summary>
internal sealed class RelayMetrics
{
    private readonly UpDownCounter<long> _clients;
    private readonly Counter<long> _events;
    private readonly Counter<long> _messages;
    private readonly Counter<long> _bytes;
    private readonly Histogram<double> _lag;
    private readonly Counter<long> _droppedClients;
    private readonly Counter<long> _droppedEvents;

    public RelayMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("CloudTicks.Relay");
        _clients = meter.CreateUpDownCounter<long>("cloudticks.relay.clients", "{client}", "Clients that are connected, by market");
        _events = meter.CreateCounter<long>("cloudticks.relay.sent.events", "{event}", "Events sent to clients");
        _messages = meter.CreateCounter<long>("cloudticks.relay.sent.messages", "{message}", "WebSocket messages sent to clients");
        _bytes = meter.CreateCounter<long>("cloudticks.relay.sent.bytes", "By", "Bytes of WebSocket messages sent to clients");
        _lag = meter.CreateHistogram<double>(
            "cloudticks.relay.lag", "s", "From the relay's receipt of the first event of a message until the client's socket has taken it");
        _droppedClients = meter.CreateCounter<long>(
            "cloudticks.relay.dropped.clients", "{client}", "Clients that were disconnected because they read too slowly");
        _droppedEvents = meter.CreateCounter<long>(
            "cloudticks.relay.dropped.events", "{event}", "Events that these clients were not sent");
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

    public void Dropped(long events)
    {
        _droppedClients.Add(1);
        _droppedEvents.Add(events);
    }

    private static KeyValuePair<string, object?> Tag(Market market) => new("market", market.ToString().ToLowerInvariant());
}
