namespace CloudTicks.EventHub.Wire;

/// <summary>The client sent bytes that are not a valid request; its connection is closed.</summary>
internal class MalformedRequestException(string message) : Exception(message);
