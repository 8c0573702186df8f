using CloudTicks.Simulator.Tests;

namespace AppHost.Tests.Relaying;

/// <summary>What a client has of one symbol and kind: each tick once, by its identity.</summary>
internal sealed class ChannelTicks
{
    private readonly HashSet<(long TimestampMs, ulong Identity)> _ticks = [];

    /// <summary>The largest time of its ticks, Unix ms; null while it has none.</summary>
    public long? LastMs { get; private set; }

    public int Count => _ticks.Count;

    /// <summary>The wrapping sum of the identities, as the simulator gives it for what it made.</summary>
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
