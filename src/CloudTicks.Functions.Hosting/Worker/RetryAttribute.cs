namespace Microsoft.Azure.Functions.Worker;

/// <summary>How a failed function is retried.</summary>
[AttributeUsage(AttributeTargets.Method)]
public abstract class RetryAttribute : Attribute
{
    /// <summary>Maximum number of retries; -1 for no limit.</summary>
    public abstract int MaxRetryCount { get; }
}
