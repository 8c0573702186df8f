namespace CloudTicks.Cli.Replaying;

/// <summary>The replay cannot continue; the message says why, and what to do.</summary>
internal sealed class ReplayException(string message, Exception? innerException = null) : Exception(message, innerException);
