namespace CloudTicks.Ticks.Status;

/// <summary>How the table stands towards its retention: <c>GET /api/v1/retention</c>, in snake_case.</summary>
/// <param name="RetentionDays">How long ticks are kept; null when retention is off.</param>
/// <param name="Cutoff">Chunks that end at or before it are due; null when the table is empty or retention is off.</param>
/// <param name="Oldest">The oldest tick; null when the table is empty.</param>
/// <param name="DueChunks">Chunks that the next run drops.</param>
/// <param name="LastRun">The last run of the process that answers; another one may have made the newest.</param>
public sealed record TableStatus(
    double? RetentionDays, DateTimeOffset? Cutoff, DateTimeOffset? Oldest, int DueChunks, TableRetentionRun? LastRun)
{
    /// <summary>The same as <see cref="RetentionDays"/>.</summary>
    public TimeSpan? Window { get; init; }

    /// <summary>What the cutoff counts from: <c>newest_tick</c>, <c>own</c> or <c>database</c>; null without a cutoff.</summary>
    public string? Clock { get; init; }

    /// <summary>The newest tick; null when the table is empty.</summary>
    public DateTimeOffset? Newest { get; init; }

    /// <summary>Rows of all chunks, by the server's statistics.</summary>
    public long RowsEstimate { get; init; }

    /// <summary>Size of all chunks on disk, with indexes.</summary>
    public long Bytes { get; init; }

    /// <summary>When the timer runs next.</summary>
    public DateTimeOffset? NextRun { get; init; }

    /// <summary>The disks of the table, the archive and the spools.</summary>
    public IReadOnlyList<DiskStatus> Disks { get; init; } = [];

    /// <summary>The chunks, oldest first.</summary>
    public IReadOnlyList<ChunkStatus> Chunks { get; init; } = [];
}

/// <summary>A run of retention: the answer of <c>POST /api/v1/retention/run</c>, in snake_case.</summary>
/// <param name="Verified">Whether it left the table as it is to be; null for a rehearsal.</param>
/// <param name="Problem">What is wrong; null when nothing is.</param>
public sealed record TableRetentionRun(DateTimeOffset? Started, bool? Verified, string? Problem)
{
    /// <summary>How long it took, in ms.</summary>
    public double TookMs { get; init; }

    /// <summary>Whether nothing was dropped, only looked up.</summary>
    public bool DryRun { get; init; }

    /// <summary>How long ticks are kept; null when retention is off.</summary>
    public double? RetentionDays { get; init; }

    /// <summary>The same as <see cref="RetentionDays"/>.</summary>
    public TimeSpan? Window { get; init; }

    /// <summary>Chunks that ended at or before it were to go.</summary>
    public DateTimeOffset? Cutoff { get; init; }

    /// <summary>What the cutoff counted from; see <see cref="TableStatus.Clock"/>.</summary>
    public string? Clock { get; init; }

    /// <summary>The chunks that went, oldest first; of a dry run those that would go.</summary>
    public IReadOnlyList<ChunkStatus> Dropped { get; init; } = [];

    /// <summary>Rows of those chunks, by the server's statistics.</summary>
    public long DroppedRowsEstimate { get; init; }

    /// <summary>Size of those chunks on disk, with indexes.</summary>
    public long DroppedBytes { get; init; }

    /// <summary>Closed gaps of long ago that went from <c>feed_gaps</c>.</summary>
    public int RemovedGaps { get; init; }

    /// <summary>The chunk at which the run ended because it was in use; null when it went through.</summary>
    public BlockedChunk? Blocked { get; init; }

    /// <summary>The oldest tick afterwards; null when the table is empty or retention is off.</summary>
    public DateTimeOffset? Oldest { get; init; }

    /// <summary>Chunks before the cutoff that were left.</summary>
    public int LeftChunks { get; init; }

    /// <summary>Chunks inside the window that had gone.</summary>
    public int LostChunks { get; init; }
}

/// <summary>A chunk of <c>market_ticks</c>.</summary>
/// <param name="To">The time behind the last that it may hold.</param>
/// <param name="Bytes">Its size on disk, with indexes; 0 where it was not queried.</param>
public sealed record ChunkStatus(string Name, DateTimeOffset From, DateTimeOffset To, long RowsEstimate, long Bytes, bool Compressed);

/// <summary>A chunk in use.</summary>
/// <param name="By">Who held it, as the end of a sentence.</param>
public sealed record BlockedChunk(ChunkStatus Chunk, string? By);
