namespace CloudTicks.Timescale.Retention;

/// <summary>Another program enforces retention on the same table and did not finish in time.</summary>
public sealed class TableRetentionBusyException(string message, Exception cause) : Exception(message, cause);
