namespace CloudTicks.Ticks.Status;

/// <summary>How the table stands towards its retention, as far as programs read it: <c>GET /api/v1/retention</c>, in snake_case.</summary>
/// <param name="RetentionDays">How long ticks are kept; null when retention is off.</param>
/// <param name="Cutoff">Chunks that end at or before it are due.</param>
/// <param name="Oldest">The oldest tick; null when the table is empty.</param>
/// <param name="DueChunks">Chunks that the next run drops.</param>
/// <param name="LastRun">The last run of the process that answers; another one may have made the newest.</param>
public sealed record TableStatus(
    double? RetentionDays, DateTimeOffset? Cutoff, DateTimeOffset? Oldest, int DueChunks, TableRetentionRun? LastRun);

/// <summary>A run of retention.</summary>
/// <param name="Verified">Whether it left the table as it is to be; null for a rehearsal.</param>
/// <param name="Problem">What is wrong; null when nothing is.</param>
public sealed record TableRetentionRun(DateTimeOffset? Started, bool? Verified, string? Problem);
