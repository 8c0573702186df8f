using System.Diagnostics.Metrics;

namespace CloudTicks.Simulator;

/// <summary>The instruments of the meter <c>CloudTicks.Simulator</c>.</summary>
internal sealed class SimulatorMetrics
{
    private readonly Counter<long> _sent;
    private readonly UpDownCounter<long> _sessions;

    public SimulatorMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("CloudTicks.Simulator");
        _sent = meter.CreateCounter<long>("cloudticks.simulator.sent", "{tick}", "Ticks handed to the socket of at least one session");
        _sessions = meter.CreateUpDownCounter<long>("cloudticks.simulator.sessions", "{session}", "Open sessions");
    }

    public void Sent(int ticks)
    {
        if (ticks > 0)
            _sent.Add(ticks);
    }

    public void SessionOpened() => _sessions.Add(1);

    public void SessionClosed() => _sessions.Add(-1);
}
