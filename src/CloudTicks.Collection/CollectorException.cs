namespace CloudTicks.Collection;

/// <summary>Thrown when the collector cannot start or continue. The message says why, and where possible what to change.</summary>
/// <param name="cause">The underlying exception; null when there is none.</param>
public class CollectorException(string message, Exception? cause = null) : Exception(message, cause);
