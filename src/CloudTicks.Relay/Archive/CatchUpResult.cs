namespace CloudTicks.Relay.Archive;

/// <summary>The history that a client was sent before it continued live.</summary>
/// <param name="Events">The number of past events.</param>
/// <param name="HeldFromMs">The time at which the history begins, Unix ms, if later than the requested time; otherwise null.</param>
/// <param name="IsFromLake">Whether that is the beginning of the lake, not of the archive.</param>
internal readonly record struct CatchUpResult(long Events, long? HeldFromMs, bool IsFromLake);
