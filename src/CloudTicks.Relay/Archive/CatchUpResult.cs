namespace CloudTicks.Relay.Archive;

/// <summary>The history that a client was sent before it continued live.</summary>
/// <param name="Events">The number of past events.</param>
/// <param name="HistoryStartMs">The time at which the history begins, Unix ms, UTC; null unless later than the requested time.</param>
/// <param name="IsFromLake">Whether the history begins with the lake, not with the archive.</param>
internal readonly record struct CatchUpResult(long Events, long? HistoryStartMs, bool IsFromLake);
