namespace CloudTicks.CentralHub.Rollouts;

/// <summary>A feature flag cannot be changed as requested.</summary>
/// <param name="isMissing">Whether the flag does not exist.</param>
public sealed class RolloutEditException(string message, bool isMissing) : Exception(message)
{
    /// <summary>Whether the flag does not exist.</summary>
    public bool IsMissing { get; } = isMissing;
}
