namespace CloudTicks.Collection.Storage;

/// <summary>Another collector works in the data folder; it may be gone in a moment.</summary>
/// <param name="message">The sentence.</param>
/// <param name="cause">What the lock said.</param>
internal sealed class FolderInUseException(string message, Exception cause) : CollectorException(message, cause);
