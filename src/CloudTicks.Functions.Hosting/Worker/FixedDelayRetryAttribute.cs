namespace Microsoft.Azure.Functions.Worker;

/// <summary>Retries a failed function after a constant delay.</summary>
/// <param name="maxRetryCount">Maximum number of retries; -1 for no limit.</param>
/// <param name="delayInterval">The delay, as <c>hh:mm:ss</c>.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FixedDelayRetryAttribute(int maxRetryCount, string delayInterval) : RetryAttribute
{
    /// <inheritdoc/>
    public override int MaxRetryCount { get; } = maxRetryCount;

    /// <summary>The delay, as <c>hh:mm:ss</c>.</summary>
    public string DelayInterval { get; } = delayInterval;
}
