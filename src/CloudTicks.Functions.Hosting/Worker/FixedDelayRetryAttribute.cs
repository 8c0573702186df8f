namespace Microsoft.Azure.Functions.Worker;

/// <summary>Calls a failed function again after the same delay each time.</summary>
/// <param name="maxRetryCount">Calls after the first one; -1 means without limit.</param>
/// <param name="delayInterval">The delay, as <c>hh:mm:ss</c>.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FixedDelayRetryAttribute(int maxRetryCount, string delayInterval) : RetryAttribute
{
    /// <inheritdoc/>
    public override int MaxRetryCount { get; } = maxRetryCount;

    /// <summary>The delay, as <c>hh:mm:ss</c>.</summary>
    public string DelayInterval { get; } = delayInterval;
}
