namespace CloudTicks.Collection.Storage;

/// <summary>Another collector uses the data folder. It may be about to stop.</summary>
internal sealed class FolderInUseException(string message) : CollectorException(message);
