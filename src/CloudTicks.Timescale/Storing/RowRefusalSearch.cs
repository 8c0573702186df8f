using Npgsql;

namespace CloudTicks.Timescale.Storing;

/// <summary>
/// Finds the rows and gaps of a write that the database refuses: by halves, in a transaction that leaves nothing behind, because what is
/// refused must be in the dead letters before the rest is committed, and no transaction should wait for them.
/// </summary>
internal sealed class RowRefusalSearch(NpgsqlDataSource database)
{
    /// <summary>So few are tried one by one: where many are refused, halving further would double the attempts.</summary>
    private const int Few = 16;

    private const string Mark = "mark";

    /// <summary>Looks for them.</summary>
    /// <param name="write">A write that the database refused.</param>
    /// <param name="problem">As what it did.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>What it refuses; null when it takes each row and gap by itself, so that the fault is elsewhere.</returns>
    /// <exception cref="NpgsqlException">The database does not answer, or has no room.</exception>
    public async Task<RowsRefusedException?> FindAsync(PendingWrite write, PostgresException problem, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await RowCopy.ExecuteAsync(connection, MarketTicksTable.CreateStaging, cancellationToken);
        await transaction.SaveAsync(Mark, cancellationToken);
        var (rows, gaps) = (new List<RowRefusal>(), new List<RowRefusal>());
        var starts = CopyRows.StartsOf(write.Rows.Span, write.RowCount);
        await FindAsync(0, write.RowCount, rows, (first, end) => RefusalAsync(
            transaction, () => RowCopy.InsertNewAsync(connection, [write.Rows[starts[first]..starts[end]]], cancellationToken), cancellationToken));
        await FindAsync(0, write.Gaps.Count, gaps, (first, end) => RefusalAsync(
            transaction, () => FeedGapsTable.WriteAsync(connection, write.Gaps.Skip(first).Take(end - first), cancellationToken), cancellationToken));
        await transaction.RollbackAsync(cancellationToken);
        return rows.Count + gaps.Count > 0 ? new RowsRefusedException(rows, gaps, problem) : null;
    }

    /// <summary>Faults of the data itself: bad values, violated constraints, rows too large. All else is a matter of time or of an operator.</summary>
    public static bool IsOfRows(PostgresException problem) => problem.SqlState[..2] is "22" or "23" or "54";

    private static async Task FindAsync(int first, int end, List<RowRefusal> found, Func<int, int, Task<string?>> refusal)
    {
        if (first == end || await refusal(first, end) is not { } reason)
        {
            return;
        }

        if (end - first == 1)
        {
            found.Add(new RowRefusal(first, reason));
            return;
        }

        var step = end - first <= Few ? 1 : (end - first + 1) / 2;
        for (var next = first; next < end; next += step)
        {
            await FindAsync(next, Math.Min(next + step, end), found, refusal);
        }
    }

    /// <summary>Why the database does not take what is written; null when it does. It is undone in both cases.</summary>
    private static async Task<string?> RefusalAsync(NpgsqlTransaction transaction, Func<Task> write, CancellationToken cancellationToken)
    {
        string? reason = null;
        try
        {
            await write();
        }
        catch (PostgresException problem) when (IsOfRows(problem))
        {
            reason = $"is refused by the database ({problem.SqlState}: {TextOf(problem)})";
        }

        await transaction.RollbackAsync(Mark, cancellationToken);
        return reason;
    }

    /// <summary>What the database says. It names a chunk, which is another one, undone like the rest, at each attempt, and says nothing to a reader.</summary>
    private static string TextOf(PostgresException problem) => problem.TableName is { } table && table.EndsWith("_chunk", StringComparison.Ordinal)
        ? problem.MessageText.Replace(table, MarketTicksTable.Name, StringComparison.Ordinal)
        : problem.MessageText;
}
