namespace CloudTicks.EventHub.Wire;

/// <summary>The client closed or lost its connection, which is not an error of the event hub.</summary>
internal sealed class ClientDisconnectedException(Exception inner) : Exception("The client disconnected.", inner);
