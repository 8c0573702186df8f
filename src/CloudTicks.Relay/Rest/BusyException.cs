namespace CloudTicks.Relay.Rest;

/// <summary>Thrown when a request cannot be served now, but may be later. The message says why.</summary>
internal sealed class BusyException(string message) : Exception(message);
