using Npgsql;

namespace CloudTicks.Timescale.Retention;

/// <summary>Deletes closed gaps older than the table's ticks. The archive keeps their history; open gaps stay.</summary>
internal static class ClosedGaps
{
    /// <summary>Closed gaps are kept this much longer than ticks, and at least this long after their last change.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromDays(7);

    /// <summary>Maximum deletions per run; the next run continues.</summary>
    private const int MaxDeletions = 100_000;

    // Locked rows are being changed by a writer; the next run checks them again.
    private const string Delete =
        """
        DELETE FROM feed_gaps WHERE id IN (
            SELECT id FROM feed_gaps WHERE from_ms < $1 AND to_ms < $1 AND changed_ms < $1 AND state IN ('filled', 'unfillable')
            ORDER BY from_ms LIMIT $2 FOR UPDATE SKIP LOCKED)
        """;

    /// <param name="cancellationToken">Cancels the deletion; all gaps stay.</param>
    /// <exception cref="NpgsqlException">The database does not answer, or has no such table.</exception>
    public static async Task<int> RemoveAsync(NpgsqlConnection connection, long cutoffMs, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Delete, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<long> { TypedValue = cutoffMs - (long)Margin.TotalMilliseconds },
                new NpgsqlParameter<int> { TypedValue = MaxDeletions },
            },
        };
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
