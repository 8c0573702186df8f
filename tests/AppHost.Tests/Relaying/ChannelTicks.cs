using CloudTicks.Simulator.Tests;

namespace AppHost.Tests.Relaying;

/// <summary>The ticks of one symbol and kind that a client has received, each once, by identity.</summary>
internal sealed class ChannelTicks
{
    private readonly HashSet<(long TimestampMs, ulong Identity)> _ticks = [];

    /// <summary>The time of the latest tick, Unix ms; null before the first tick.</summary>
    public long? LastMs { get; private set; }

    public int Count => _ticks.Count;

    /// <summary>The wrapping sum of the identities, which the simulator also reports for the ticks that it generated.</summary>
    public ulong Sum { get; private set; }

    /// <summary>Adds a tick.</summary>
    /// <returns>False when the client has it already.</returns>
    public bool Add(ReceivedTick tick)
    {
        if (!_ticks.Add((tick.TimestampMs, tick.Identity)))
            return false;
        Sum = unchecked(Sum + tick.Identity);
        LastMs = Math.Max(LastMs ?? 0, tick.TimestampMs);
        return true;
    }
}
