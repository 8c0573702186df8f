namespace CloudTicks.Functions.Access;

/// <summary>Why a request is refused.</summary>
/// <param name="RetryAfter">When to try again; null when that would not help.</param>
internal sealed record Refusal(int Status, string Reason, string Detail, TimeSpan? RetryAfter = null);
