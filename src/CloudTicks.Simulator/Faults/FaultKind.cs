namespace CloudTicks.Simulator.Faults;

/// <summary>A kind of fault. <c>StrikeUnit</c> says what one strike affects: a connection, message, tick, frame or request.</summary>
internal sealed record FaultKind(string Name, string Effect, string StrikeUnit, bool TakesSymbols, params FaultParameter[] Parameters)
{
    /// <summary>Whether the fault is a state of a connection: it strikes each connection once and lasts until the fault ends.</summary>
    public bool IsState { get; init; }

    /// <summary>Whether the fault affects WebSockets, so that it can be limited to one connection.</summary>
    public bool AffectsConnections { get; init; } = true;
}
