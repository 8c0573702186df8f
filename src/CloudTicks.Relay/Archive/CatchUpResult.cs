namespace CloudTicks.Relay.Archive;

/// <summary>What a client was sent before it continued live.</summary>
/// <param name="Events">Events of the past.</param>
/// <param name="HeldFromMs">When the archive begins, Unix ms, where that is later than the client asked for; else null.</param>
internal readonly record struct CatchUpResult(long Events, long? HeldFromMs);
