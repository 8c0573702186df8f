namespace CloudTicks.Simulator.Faults;

/// <summary>A way to misbehave; <c>Counts</c> names one strike of it: a connection, message, tick, frame or request.</summary>
internal sealed record FaultKind(string Name, string Does, string Counts, bool TakesSymbols, params FaultParameter[] Parameters)
{
    /// <summary>Whether it is a state of connections: each is struck once, and stays struck while the fault exists.</summary>
    public bool IsState { get; init; }

    /// <summary>Whether it concerns the WebSocket, so that it can be limited to one connection.</summary>
    public bool IsOfConnections { get; init; } = true;
}
