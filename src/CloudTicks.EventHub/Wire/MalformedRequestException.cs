namespace CloudTicks.EventHub.Wire;

/// <summary>Bytes from a client that are no request of the protocol: its connection is closed, nothing else happens.</summary>
internal sealed class MalformedRequestException(string message) : Exception(message);
