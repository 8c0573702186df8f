namespace CloudTicks.EventHub.Partitions;

/// <summary>An index file is damaged; it is rebuilt from its segment.</summary>
internal sealed class IndexDamagedException(string message) : IOException(message);
