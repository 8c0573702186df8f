namespace CloudTicks.EventHub.Partitions;

/// <summary>An index file does not hold what was written; it is rebuilt from its segment.</summary>
internal sealed class IndexDamagedException(string message) : IOException(message);
