namespace CloudTicks.EventHub.Wire;

/// <summary>The client's end of a connection has gone; nothing is wrong here.</summary>
internal sealed class ClientDisconnectedException(Exception inner) : Exception("The client has gone.", inner);
