using Npgsql;

namespace CloudTicks.Timescale.Storing;

/// <summary>
/// Finds the rows that the database refuses, by inserting them in a transaction that is rolled back. The refused rows must become dead
/// letters before the other rows are committed.
/// </summary>
internal sealed class RowRefusalSearch(NpgsqlDataSource database)
{
    /// <summary>
    /// A refused group of this size or smaller is tried row by row, because further halving would double the attempts if many rows are
    /// refused.
    /// </summary>
    private const int MinGroup = 16;

    private const string Savepoint = "mark";

    /// <returns>The refused rows and gaps; null when each of them is accepted alone, because the cause is then elsewhere.</returns>
    /// <exception cref="NpgsqlException">
    /// The database does not answer, or refuses a statement for a reason outside the rows, such as a full disk.
    /// </exception>
    public async Task<RowsRefusedException?> FindAsync(PendingWrite write, PostgresException problem, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (rows, gaps) = (new List<RowRefusal>(), new List<RowRefusal>());
        if (write.RowCount > 0)
        {
            var trial = new RowTrial(connection, write.Rows, write.RowCount);
            await trial.PrepareAsync(cancellationToken);
            await HalveAsync(
                transaction, 0, write.RowCount, rows, (first, end) => trial.SendAsync(first, end, cancellationToken), cancellationToken);
            await foreach (var refusal in trial.TryAsync(cancellationToken))
            {
                rows.Add(refusal);
            }
        }

        await HalveAsync(
            transaction, 0, write.Gaps.Count, gaps,
            (first, end) => FeedGapsTable.WriteAsync(connection, write.Gaps.Skip(first).Take(end - first), cancellationToken),
            cancellationToken);
        await transaction.RollbackAsync(cancellationToken);
        return rows.Count + gaps.Count > 0 ? new RowsRefusedException(rows, gaps, problem) : null;
    }

    /// <summary>
    /// Whether the data is at fault: invalid values, violated constraints, oversized rows. Other errors are temporary or need an operator.
    /// </summary>
    public static bool IsCausedByRows(PostgresException problem) => problem.SqlState[..2] is "22" or "23" or "54";

    /// <summary>Writes a range. Halves a refused range until each refused entry is isolated.</summary>
    private static async Task HalveAsync(
        NpgsqlTransaction transaction, int first, int end, List<RowRefusal> found, Func<int, int, Task> write,
        CancellationToken cancellationToken)
    {
        if (first == end || await FindRefusalAsync(transaction, () => write(first, end), cancellationToken) is not { } problem)
        {
            return;
        }

        if (end - first == 1)
        {
            found.Add(RowRefusal.Of(first, problem.SqlState, problem.MessageText, problem.TableName));
            return;
        }

        var step = end - first <= MinGroup ? 1 : (end - first + 1) / 2;
        for (var next = first; next < end; next += step)
        {
            await HalveAsync(transaction, next, Math.Min(next + step, end), found, write, cancellationToken);
        }
    }

    /// <summary>Executes a write. Rolls a refused write back and returns its error; null when it succeeds.</summary>
    private static async Task<PostgresException?> FindRefusalAsync(
        NpgsqlTransaction transaction, Func<Task> write, CancellationToken cancellationToken)
    {
        PostgresException? refusal = null;
        await transaction.SaveAsync(Savepoint, cancellationToken);
        try
        {
            await write();
        }
        catch (PostgresException problem) when (IsCausedByRows(problem))
        {
            refusal = problem;
            await transaction.RollbackAsync(Savepoint, cancellationToken);
        }

        await transaction.ReleaseAsync(Savepoint, cancellationToken);
        return refusal;
    }
}
