using System.Diagnostics.CodeAnalysis;
using CloudTicks.Simulator.Channels;
using CloudTicks.Ticks;

namespace CloudTicks.Simulator;

/// <summary>Where the ticks come from. One caller, the sender.</summary>
internal interface ITickSource
{
    public bool IsFinished { get; }

    /// <summary>Makes ready, before the first session is served.</summary>
    /// <exception cref="StartException">It cannot be read.</exception>
    public void Open();

    /// <summary>Adds the channels that a wildcard stands for, where <see cref="Open"/> has not made them.</summary>
    public void AddListed(Market market, TickKind kind);

    /// <summary>Looks at the clock, once before a run of <see cref="TryTake"/>.</summary>
    public void Advance();

    /// <param name="tick">Set to the tick; its spans are valid until the next call.</param>
    /// <param name="channel">Its channel, which may have no subscribers.</param>
    public bool TryTake(scoped ref Tick tick, [NotNullWhen(true)] out SimulatedChannel? channel);
}
