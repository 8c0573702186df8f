namespace CloudTicks.CentralHub.Client;

/// <summary>The hub could not be asked, or its answer cannot be used; the message is a sentence without a secret.</summary>
/// <param name="kind">For meters: <c>unreachable</c>, <c>timeout</c>, <c>refused</c> or <c>malformed</c>.</param>
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
