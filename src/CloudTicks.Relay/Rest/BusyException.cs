namespace CloudTicks.Relay.Rest;

/// <summary>A request cannot be answered now, and can be later; the message says why.</summary>
internal sealed class BusyException(string message) : Exception(message);
