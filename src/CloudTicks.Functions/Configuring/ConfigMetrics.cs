using System.Diagnostics.Metrics;

namespace CloudTicks.Functions.Configuring;

/// <summary>Meter <c>CloudTicks.Functions</c>: changes to documents.</summary>
public sealed class ConfigMetrics
{
    private readonly Counter<long> _changes;
    private readonly Counter<long> _announced;
    private readonly Counter<long> _notAnnounced;
    private readonly Counter<long> _unanswered;
    private readonly UpDownCounter<long> _waiting;

    /// <summary>Creates the instruments.</summary>
    public ConfigMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("CloudTicks.Functions");
        _changes = meter.CreateCounter<long>(
            "cloudticks.hub.changes", "{change}", "Changes of documents, by service, action and result");
        _announced = meter.CreateCounter<long>("cloudticks.hub.announced", "{version}", "Versions announced on NATS");
        _notAnnounced = meter.CreateCounter<long>(
            "cloudticks.hub.not_announced", "{version}", "Versions that may not have been announced on NATS; long polls deliver them");
        _unanswered = meter.CreateCounter<long>(
            "cloudticks.hub.unanswered", "{request}",
            "Requests answered with 503 because the database was unavailable or too many requests were waiting");
        _waiting = meter.CreateUpDownCounter<long>("cloudticks.hub.waiting", "{request}", "Requests that wait for a document to change");
    }

    internal void Changed(string service, string action, ChangeOutcome state) => _changes.Add(
        1,
        new KeyValuePair<string, object?>("service", service),
        new KeyValuePair<string, object?>("action", action),
        new KeyValuePair<string, object?>("state", state.ToString().ToLowerInvariant()));

    internal void Announced() => _announced.Add(1);

    internal void NotAnnounced() => _notAnnounced.Add(1);

    internal void Unanswered() => _unanswered.Add(1);

    internal void Waits(int more) => _waiting.Add(more);
}
