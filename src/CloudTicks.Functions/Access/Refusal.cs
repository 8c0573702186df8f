namespace CloudTicks.Functions.Access;

/// <summary>Why a request is not let through.</summary>
/// <param name="Status">The status of HTTP.</param>
/// <param name="Reason">In a word or two, as it is counted.</param>
/// <param name="Detail">A sentence: what is wrong, and what to do.</param>
/// <param name="RetryAfter">When to come again; null when that would not help.</param>
internal sealed record Refusal(int Status, string Reason, string Detail, TimeSpan? RetryAfter = null);
