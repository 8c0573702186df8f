namespace CloudTicks.EventHub.Disks;

/// <summary>The data folder cannot be used; the message says why and what to do.</summary>
internal sealed class StorageException(string message, Exception? inner = null) : Exception(message, inner);
