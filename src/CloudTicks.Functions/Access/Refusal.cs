namespace CloudTicks.Functions.Access;

/// <summary>Why a request is refused.</summary>
/// <param name="RetryAfter">How long to wait before a retry; null when a retry would not help.</param>
internal sealed record Refusal(int Status, string Reason, string Detail, TimeSpan? RetryAfter = null);
