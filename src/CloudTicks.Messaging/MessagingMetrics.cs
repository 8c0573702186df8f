using System.Diagnostics.Metrics;

namespace CloudTicks.Messaging;

/// <summary>Counts messages and connections. The meter is <c>CloudTicks.Messaging</c>.</summary>
public sealed class MessagingMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "CloudTicks.Messaging";

    private readonly Meter _meter;
    private readonly Counter<long> _published;
    private readonly Counter<long> _confirmed;
    private readonly Counter<long> _failed;
    private readonly Counter<long> _reconnects;
    private readonly Counter<long> _dropped;

    /// <summary>Creates the instruments.</summary>
    public MessagingMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _published = _meter.CreateCounter<long>(
            "cloudticks.messaging.published", "{message}", "Messages published, counted at each confirmation");
        _confirmed = _meter.CreateCounter<long>("cloudticks.messaging.confirmed", "{message}", "Messages confirmed by the server");
        _failed = _meter.CreateCounter<long>(
            "cloudticks.messaging.failed", "{message}",
            "Messages without confirmation; they are published again");
        _reconnects = _meter.CreateCounter<long>("cloudticks.messaging.reconnects", "{connection}", "Connections after the first one");
        _dropped = _meter.CreateCounter<long>(
            "cloudticks.messaging.dropped", "{message}", "Received messages dropped because a handler was too slow");
    }

    internal void Published(long messages) => _published.Add(messages);

    internal void Confirmed(long messages) => _confirmed.Add(messages);

    internal void Failed(long messages) => _failed.Add(messages);

    internal void Reconnected() => _reconnects.Add(1);

    internal void Dropped(long messages) => _dropped.Add(messages);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
