using Npgsql;

namespace CloudTicks.Timescale.Retention;

/// <summary>Finished gaps of times that the table has dropped; the archive keeps their history, and open gaps stay.</summary>
internal static class ClosedGaps
{
    /// <summary>So much longer than ticks they are kept, and so long after they were closed.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromDays(7);

    /// <summary>In one run; the next goes on.</summary>
    private const int Most = 100_000;

    // A writer that changes one of them goes first, and the next run looks again.
    private const string Delete =
        """
        DELETE FROM feed_gaps WHERE id IN (
            SELECT id FROM feed_gaps WHERE from_ms < $1 AND to_ms < $1 AND changed_ms < $1 AND state IN ('filled', 'unfillable')
            ORDER BY from_ms LIMIT $2 FOR UPDATE SKIP LOCKED)
        """;

    /// <param name="cancellationToken">Ends it; then all stay.</param>
    /// <exception cref="NpgsqlException">The database does not answer, or has no such table.</exception>
    public static async Task<int> RemoveAsync(NpgsqlConnection connection, long cutoffMs, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Delete, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<long> { TypedValue = cutoffMs - (long)Margin.TotalMilliseconds },
                new NpgsqlParameter<int> { TypedValue = Most },
            },
        };
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
