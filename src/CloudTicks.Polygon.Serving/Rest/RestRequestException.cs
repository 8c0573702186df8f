namespace CloudTicks.Polygon.Serving.Rest;

/// <summary>A request cannot be answered as it is; the message says why.</summary>
internal sealed class RestRequestException(string message) : Exception(message);
