using System.Diagnostics.CodeAnalysis;
using CloudTicks.Simulator.Channels;
using CloudTicks.Ticks;

namespace CloudTicks.Simulator;

/// <summary>A source of ticks. Called only by the sender.</summary>
internal interface ITickSource
{
    public bool IsFinished { get; }

    /// <summary>Prepares the source before the first session is served.</summary>
    /// <exception cref="StartException">The source cannot be read.</exception>
    public void Open();

    /// <summary>Adds the channels of a wildcard that <see cref="Open"/> has not added.</summary>
    public void AddListed(Market market, TickKind kind);

    /// <summary>Reads the clock. Called once before a series of <see cref="TryRead"/> calls.</summary>
    public void Advance();

    /// <param name="tick">Set to the tick; its spans are valid until the next call.</param>
    /// <param name="channel">The tick's channel, which may have no subscribers.</param>
    public bool TryRead(scoped ref Tick tick, [NotNullWhen(true)] out SimulatedChannel? channel);
}
