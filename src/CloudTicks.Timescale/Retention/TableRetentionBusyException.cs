namespace CloudTicks.Timescale.Retention;

/// <summary>Another program drops chunks of the same table, and did not end in time.</summary>
/// <param name="message">What is going on.</param>
/// <param name="cause">How it was noticed.</param>
public sealed class TableRetentionBusyException(string message, Exception cause) : Exception(message, cause);
