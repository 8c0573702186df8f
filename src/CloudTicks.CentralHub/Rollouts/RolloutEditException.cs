namespace CloudTicks.CentralHub.Rollouts;

/// <summary>A flag cannot be changed as somebody wants.</summary>
/// <param name="isMissing">Whether the flag is not there at all.</param>
public sealed class RolloutEditException(string message, bool isMissing) : Exception(message)
{
    /// <summary>Whether the flag is not there at all.</summary>
    public bool IsMissing { get; } = isMissing;
}
