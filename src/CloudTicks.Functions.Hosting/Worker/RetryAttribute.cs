namespace Microsoft.Azure.Functions.Worker;

/// <summary>How a function is called again after it failed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public abstract class RetryAttribute : Attribute
{
    /// <summary>Calls after the first one; -1 means without limit.</summary>
    public abstract int MaxRetryCount { get; }
}
