namespace CloudTicks.Verification.Answers;

/// <summary>How the table stands towards its retention (<c>GET /api/v1/retention</c>).</summary>
internal sealed record RetentionAnswer(double? RetentionDays, DateTimeOffset? Cutoff, DateTimeOffset? Oldest, int DueChunks, RetentionRunAnswer? LastRun);

/// <summary>The last run of the process that answers; another one may have made the newest.</summary>
internal sealed record RetentionRunAnswer(DateTimeOffset? Started, bool? Verified, string? Problem);
