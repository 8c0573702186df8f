namespace CloudTicks.EventHub.Wire;

/// <summary>The client sends or reads too slowly; its connection is closed.</summary>
internal sealed class SlowClientException(string message) : MalformedRequestException(message);
