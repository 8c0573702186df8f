namespace CloudTicks.CentralHub.Client;

/// <summary>A request to the hub failed, or its response cannot be used. The message contains no secret.</summary>
/// <param name="kind">The label for metrics: <c>unreachable</c>, <c>timeout</c>, <c>refused</c> or <c>malformed</c>.</param>
internal sealed class HubException(string kind, string message, TimeSpan? retryAfter = null, Exception? inner = null)
    : Exception(message, inner)
{
    public const string Unreachable = "unreachable";
    public const string Timeout = "timeout";
    public const string Refused = "refused";
    public const string Malformed = "malformed";

    public string Kind { get; } = kind;

    public TimeSpan? RetryAfter { get; } = retryAfter;
}
