namespace CloudTicks.Polygon.Serving.Rest;

/// <summary>Thrown when a request is invalid. The message says why.</summary>
internal sealed class RestRequestException(string message) : Exception(message);
