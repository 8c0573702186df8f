namespace CloudTicks.Simulator.Faults;

/// <summary>A way to misbehave.</summary>
/// <param name="Name">Its name in JSON.</param>
/// <param name="Does">What happens, in words.</param>
/// <param name="Counts">What one strike of it is, of which it may have a given number: a connection, a message, a tick, a frame, a
/// request.</param>
/// <param name="TakesSymbols">Whether it can be narrowed to symbols.</param>
/// <param name="Parameters">Its own settings.</param>
internal sealed record FaultKind(string Name, string Does, string Counts, bool TakesSymbols, params FaultParameter[] Parameters)
{
    /// <summary>Whether it is a state of connections: each is struck once and stays so for as long as the fault is there.</summary>
    public bool IsState { get; init; }

    /// <summary>Whether it concerns the WebSocket, so that it can be narrowed to one connection.</summary>
    public bool IsOfConnections { get; init; } = true;
}
