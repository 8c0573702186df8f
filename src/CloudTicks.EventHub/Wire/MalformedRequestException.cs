namespace CloudTicks.EventHub.Wire;

/// <summary>Bytes from a client that are no request of the protocol: its connection is closed, nothing else happens.</summary>
internal class MalformedRequestException(string message) : Exception(message);
