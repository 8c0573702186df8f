namespace CloudTicks.Polygon.Rest;

/// <summary>A REST request was refused, failed at the last attempt, or got an unusable response; the message says why.</summary>
/// <param name="message">The message, without the API key.</param>
public sealed class PolygonRestException(RestFailure failure, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>The kind of failure.</summary>
    public RestFailure Failure { get; } = failure;

    /// <summary>The pause that the server requires; null when the server named none.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the server itself reported that the resource does not exist.</summary>
    internal bool IsNotFound { get; init; }

    /// <summary>Whether a retry may succeed.</summary>
    internal bool IsTransient { get; init; }
}
