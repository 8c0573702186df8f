namespace CloudTicks.Timescale.Retention;

/// <summary>Another program drops chunks of the same table, and did not end in time.</summary>
public sealed class TableRetentionBusyException(string message, Exception cause) : Exception(message, cause);
