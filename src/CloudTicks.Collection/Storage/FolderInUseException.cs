namespace CloudTicks.Collection.Storage;

/// <summary>Thrown when another collector, which may be about to stop, uses the data folder.</summary>
internal sealed class FolderInUseException(string message) : CollectorException(message);
