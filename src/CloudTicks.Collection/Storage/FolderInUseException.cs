namespace CloudTicks.Collection.Storage;

/// <summary>Another collector works in the data folder; it may be gone in a moment.</summary>
internal sealed class FolderInUseException(string message) : CollectorException(message);
