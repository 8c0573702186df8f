namespace CloudTicks.Simulator.Faults;

/// <summary>A kind of fault. <c>Counts</c> says what one strike affects: a connection, message, tick, frame or request.</summary>
internal sealed record FaultKind(string Name, string Does, string Counts, bool TakesSymbols, params FaultParameter[] Parameters)
{
    /// <summary>Whether the fault is a state of connections, which strikes each connection once and lasts as long as the fault.</summary>
    public bool IsState { get; init; }

    /// <summary>Whether the fault affects WebSockets, so that it can be limited to one connection.</summary>
    public bool IsOfConnections { get; init; } = true;
}
