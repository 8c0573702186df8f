namespace CloudTicks.Ticks.Status;

/// <summary>The table and its retention: <c>GET /api/v1/retention</c>, in snake_case.</summary>
/// <param name="RetentionDays">The retention window in days; null when retention is off.</param>
/// <param name="Cutoff">Chunks that end at or before this time are due; null when the table is empty or retention is off.</param>
/// <param name="Oldest">Time of the oldest tick; null when the table is empty.</param>
/// <param name="DueChunks">Chunks that the next run drops.</param>
/// <param name="LastRun">The last run of the responding process; another process may have made a later one.</param>
public sealed record TableStatus(
    double? RetentionDays, DateTimeOffset? Cutoff, DateTimeOffset? Oldest, int DueChunks, TableRetentionRun? LastRun)
{
    /// <summary><see cref="RetentionDays"/> as a time span; null when retention is off.</summary>
    public TimeSpan? Window { get; init; }

    /// <summary>The clock that determines the cutoff: <c>newest_tick</c>, <c>own</c> or <c>database</c>; null without a cutoff.</summary>
    public string? Clock { get; init; }

    /// <summary>Time of the newest tick; null when the table is empty.</summary>
    public DateTimeOffset? Newest { get; init; }

    /// <summary>Rows of all chunks, estimated by the server.</summary>
    public long RowsEstimate { get; init; }

    /// <summary>Size of all chunks on disk in bytes, including indexes.</summary>
    public long Bytes { get; init; }

    /// <summary>When the retention timer fires next.</summary>
    public DateTimeOffset? NextRun { get; init; }

    /// <summary>The disks of the table, the archive and the spools.</summary>
    public IReadOnlyList<DiskStatus> Disks { get; init; } = [];

    /// <summary>The chunks, oldest first.</summary>
    public IReadOnlyList<ChunkStatus> Chunks { get; init; } = [];
}

/// <summary>A run of retention: the response of <c>POST /api/v1/retention/run</c>, in snake_case.</summary>
/// <param name="Verified">Whether the table was as expected after the run; null for a dry run.</param>
/// <param name="Problem">What is wrong; null when all is well.</param>
public sealed record TableRetentionRun(DateTimeOffset? Started, bool? Verified, string? Problem)
{
    /// <summary>Duration in ms.</summary>
    public double TookMs { get; init; }

    /// <summary>Whether the run dropped nothing and only reported what it would drop.</summary>
    public bool DryRun { get; init; }

    /// <summary>The retention window in days; null when retention is off.</summary>
    public double? RetentionDays { get; init; }

    /// <summary><see cref="RetentionDays"/> as a time span; null when retention is off.</summary>
    public TimeSpan? Window { get; init; }

    /// <summary>Chunks that ended at or before this time were due; null when the table is empty or retention is off.</summary>
    public DateTimeOffset? Cutoff { get; init; }

    /// <summary>The clock that determines the cutoff; see <see cref="TableStatus.Clock"/>.</summary>
    public string? Clock { get; init; }

    /// <summary>The dropped chunks, oldest first; for a dry run those that it would drop.</summary>
    public IReadOnlyList<ChunkStatus> Dropped { get; init; } = [];

    /// <summary>Rows of the dropped chunks, estimated by the server.</summary>
    public long DroppedRowsEstimate { get; init; }

    /// <summary>Size of the dropped chunks on disk in bytes, including indexes.</summary>
    public long DroppedBytes { get; init; }

    /// <summary>Old closed gaps that were deleted from <c>feed_gaps</c>.</summary>
    public int RemovedGaps { get; init; }

    /// <summary>The locked chunk at which the run stopped; null when it completed.</summary>
    public BlockedChunk? Blocked { get; init; }

    /// <summary>Time of the oldest tick after the run; null when the table is empty or retention is off.</summary>
    public DateTimeOffset? Oldest { get; init; }

    /// <summary>Chunks before the cutoff that remained.</summary>
    public int LeftChunks { get; init; }

    /// <summary>Chunks inside the window that disappeared during the run.</summary>
    public int LostChunks { get; init; }
}

/// <summary>A chunk of <c>market_ticks</c>.</summary>
/// <param name="To">End of its time range, exclusive.</param>
/// <param name="Bytes">Its size on disk in bytes, including indexes; 0 when it was not queried.</param>
public sealed record ChunkStatus(string Name, DateTimeOffset From, DateTimeOffset To, long RowsEstimate, long Bytes, bool Compressed);

/// <summary>A locked chunk.</summary>
/// <param name="By">A description of the session that held the lock, without a full stop; null when unknown.</param>
public sealed record BlockedChunk(ChunkStatus Chunk, string? By);
