namespace Microsoft.Azure.Functions.Worker;

/// <summary>Calls a failed function again after delays that double.</summary>
/// <param name="maxRetryCount">Calls after the first one; -1 means without limit.</param>
/// <param name="minimumInterval">The first delay, as <c>hh:mm:ss</c>.</param>
/// <param name="maximumInterval">The longest delay, as <c>hh:mm:ss</c>.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ExponentialBackoffRetryAttribute(int maxRetryCount, string minimumInterval, string maximumInterval) : RetryAttribute
{
    /// <inheritdoc/>
    public override int MaxRetryCount { get; } = maxRetryCount;

    /// <summary>The first delay, as <c>hh:mm:ss</c>.</summary>
    public string MinimumInterval { get; } = minimumInterval;

    /// <summary>The longest delay, as <c>hh:mm:ss</c>.</summary>
    public string MaximumInterval { get; } = maximumInterval;
}
