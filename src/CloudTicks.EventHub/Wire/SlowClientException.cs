namespace CloudTicks.EventHub.Wire;

/// <summary>A client sends or takes too little: its connection is closed, nothing else happens.</summary>
internal sealed class SlowClientException(string message) : MalformedRequestException(message);
