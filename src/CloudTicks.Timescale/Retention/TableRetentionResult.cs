using System.Globalization;

namespace CloudTicks.Timescale.Retention;

/// <summary>What a retention run did, and what it found when it looked afterwards.</summary>
public sealed record TableRetentionResult
{
    /// <summary>When it began, Unix ms, UTC.</summary>
    public required long StartedMs { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Took { get; init; }

    /// <summary>Nothing was dropped, only looked up.</summary>
    public bool IsDry { get; init; }

    /// <summary>How long ticks are kept; null when retention is off.</summary>
    public TimeSpan? Window { get; init; }

    /// <summary>Chunks that end at or before it were to go, Unix ms, UTC; null when the table is empty or retention is off.</summary>
    public long? CutoffMs { get; init; }

    /// <summary>What the cutoff counts from.</summary>
    public CutoffClock Clock { get; init; }

    /// <summary>The chunks that went, oldest first; of a dry run those that would go.</summary>
    public IReadOnlyList<Chunk> Dropped { get; init; } = [];

    /// <summary>The chunk that somebody held for too long, where the run ended; null when it went through.</summary>
    public Chunk? Blocked { get; init; }

    /// <summary>Who held it, as the end of a sentence.</summary>
    public string? BlockedBy { get; init; }

    /// <summary>Chunks before the cutoff that were there when the run looked again: ticks older than the window and one chunk.</summary>
    public IReadOnlyList<Chunk> Left { get; init; } = [];

    /// <summary>Chunks with ticks inside the window that had gone when the run looked again, whoever took them away.</summary>
    public IReadOnlyList<Chunk> Lost { get; init; } = [];

    /// <summary>Closed gaps of long ago that went from <c>feed_gaps</c>.</summary>
    public int RemovedGaps { get; init; }

    /// <summary>The oldest tick when the run looked again, Unix ms, UTC; null when the table is empty or retention is off.</summary>
    public long? OldestMs { get; init; }

    /// <summary>What is wrong and what to do; null when nothing older than window and chunk is left, and nothing younger went.</summary>
    public string? Problem => IsDry || (Lost.Count == 0 && Left.Count == 0) ? null : string.Join(' ', Sentences());

    private IEnumerable<string> Sentences()
    {
        if (Lost.Count > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{Lost.Count} chunks with ticks inside the retention window are gone, the first of {Time(Lost[0].FromMs)}, and "
                    + $"retention did not take them: "
                + $"find out who did; 'cloudticks replay --to-table' brings their ticks back from the archive.");
        }

        if (Blocked is { } chunk)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{Left.Count} chunks older than the retention window are left, because {chunk.Name} of {Time(chunk.FromMs)} is held by "
                    + $"{BlockedBy}; "
                + $"they go at the next run that gets it. End that session if this lasts.");
        }
        else if (Left.Count > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{Left.Count} chunks older than the retention window are left, the first of {Time(Left[0].FromMs)}: another program "
                + $"fills the table with old ticks (a replay with --from does); they go at the next run.");
        }
    }

    private static string Time(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms)
        .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
