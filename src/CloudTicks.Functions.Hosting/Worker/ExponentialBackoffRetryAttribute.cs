namespace Microsoft.Azure.Functions.Worker;

/// <summary>Retries a failed function after delays that double.</summary>
/// <param name="maxRetryCount">Maximum number of retries; -1 for no limit.</param>
/// <param name="minimumInterval">The first delay, as <c>hh:mm:ss</c>.</param>
/// <param name="maximumInterval">The maximum delay, as <c>hh:mm:ss</c>.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ExponentialBackoffRetryAttribute(int maxRetryCount, string minimumInterval, string maximumInterval) : RetryAttribute
{
    /// <inheritdoc/>
    public override int MaxRetryCount { get; } = maxRetryCount;

    /// <summary>The first delay, as <c>hh:mm:ss</c>.</summary>
    public string MinimumInterval { get; } = minimumInterval;

    /// <summary>The maximum delay, as <c>hh:mm:ss</c>.</summary>
    public string MaximumInterval { get; } = maximumInterval;
}
