namespace CloudTicks.Cli.Replaying;

/// <summary>A replay cannot go on; the message says why, and what to do.</summary>
internal sealed class ReplayException(string message, Exception? innerException = null) : Exception(message, innerException);
