namespace CloudTicks.Polygon.Serving.Rest;

/// <summary>A request is invalid. The message says why.</summary>
internal sealed class RestRequestException(string message) : Exception(message);
