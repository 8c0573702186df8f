namespace CloudTicks.Polygon.Rest;

/// <summary>A request over REST failed, after it was tried as often as is of use; the message says why and what to do.</summary>
/// <param name="message">A sentence, without the API key.</param>
public sealed class PolygonRestException(RestFailure failure, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>The kind of failure.</summary>
    public RestFailure Failure { get; } = failure;

    /// <summary>How long the server wants to be left alone; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the server says that there is no such thing.</summary>
    internal bool IsNotFound { get; init; }

    /// <summary>Whether the same request may succeed a little later.</summary>
    internal bool IsPassing { get; init; }
}
