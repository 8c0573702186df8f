using System.Globalization;

namespace CloudTicks.Timescale.Retention;

/// <summary>The result of a retention run and of its verification.</summary>
public sealed record TableRetentionResult
{
    /// <summary>When the run started, Unix ms, UTC.</summary>
    public required long StartedMs { get; init; }

    /// <summary>Duration of the run.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Whether the run dropped nothing and only reported what it would drop.</summary>
    public bool IsDry { get; init; }

    /// <summary>The retention window; null when retention is off.</summary>
    public TimeSpan? Window { get; init; }

    /// <summary>
    /// Chunks that ended at or before this time were due, Unix ms, UTC; null when the table is empty or retention is off.
    /// </summary>
    public long? CutoffMs { get; init; }

    /// <summary>The clock that determines the cutoff.</summary>
    public CutoffClock Clock { get; init; }

    /// <summary>The dropped chunks, oldest first; for a dry run those that it would drop.</summary>
    public IReadOnlyList<Chunk> Dropped { get; init; } = [];

    /// <summary>The locked chunk at which the run stopped; null when it completed.</summary>
    public Chunk? Blocked { get; init; }

    /// <summary>
    /// A description of the session that locked <see cref="Blocked"/>, without a full stop; null when no chunk was locked.
    /// </summary>
    public string? BlockedBy { get; init; }

    /// <summary>Chunks before the cutoff that remained after the run.</summary>
    public IReadOnlyList<Chunk> Remaining { get; init; } = [];

    /// <summary>Chunks within the window that disappeared during the run.</summary>
    public IReadOnlyList<Chunk> Lost { get; init; } = [];

    /// <summary>The number of old closed gaps deleted from <c>feed_gaps</c>.</summary>
    public int RemovedGaps { get; init; }

    /// <summary>
    /// Time of the oldest tick after the run, Unix ms, UTC; null for a dry run, and when the table is empty or retention is off.
    /// </summary>
    public long? OldestMs { get; init; }

    /// <summary>What is wrong and what to do; null for a dry run, and when the verification succeeded.</summary>
    public string? Problem => IsDry || (Lost.Count == 0 && Remaining.Count == 0) ? null : string.Join(' ', Problems());

    private IEnumerable<string> Problems()
    {
        if (Lost.Count > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{Lost.Count} chunks within the retention window are missing, the first from {Format(Lost[0].FromMs)}; retention did not "
                + $"drop them. Find out what did, and restore their ticks from the archive with 'cloudticks replay --to-table'.");
        }

        if (Blocked is { } chunk)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{Remaining.Count} chunks older than the retention window remain: {chunk.Name}, "
                + $"whose ticks begin at {Format(chunk.FromMs)}, is locked by {BlockedBy}. The next run retries. "
                + $"End that session if this lasts.");
        }
        else if (Remaining.Count > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{Remaining.Count} chunks older than the retention window remain, the first from {Format(Remaining[0].FromMs)}: another "
                + $"program, such as a replay with --from, writes old ticks to the table. The next run drops them.");
        }
    }

    private static string Format(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms)
        .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
