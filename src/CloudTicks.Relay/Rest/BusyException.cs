namespace CloudTicks.Relay.Rest;

/// <summary>A request cannot be answered now, but later; the message says why.</summary>
internal sealed class BusyException(string message) : Exception(message);
