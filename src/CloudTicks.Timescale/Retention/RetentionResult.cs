namespace CloudTicks.Timescale.Retention;

/// <summary>What the cutoff of a retention run counts from.</summary>
public enum RetentionClock
{
    /// <summary>The clock of this program.</summary>
    Own,

    /// <summary>The clock of the database.</summary>
    Database,

    /// <summary>The time of the newest tick in the table.</summary>
    NewestTick,
}

/// <summary>A chunk of <c>market_ticks</c>.</summary>
/// <param name="Name">Its table, with the schema.</param>
/// <param name="FromMs">The first time that it may hold, Unix ms, UTC.</param>
/// <param name="ToMs">The time behind the last that it may hold, Unix ms, UTC.</param>
public readonly record struct Chunk(string Name, long FromMs, long ToMs);

/// <summary>What a retention run did.</summary>
/// <param name="CutoffMs">Chunks that end at or before it were to go, Unix ms, UTC; null when the table is empty or retention is off.</param>
/// <param name="Clock">What the cutoff counts from.</param>
/// <param name="Dropped">The chunks that went, oldest first.</param>
/// <param name="Blocked">The chunk that somebody held for too long, where the run ended; null when it went through.</param>
public sealed record RetentionResult(long? CutoffMs, RetentionClock Clock, IReadOnlyList<Chunk> Dropped, Chunk? Blocked);
