using CloudTicks.Timescale.Storing.Duplicates;
using Npgsql;

namespace CloudTicks.Timescale.Storing;

/// <summary>Writes rows and offsets of several partitions in one transaction.</summary>
/// <param name="isWarmUp">Whether to roll back each transaction, and to write at any offset.</param>
internal sealed class TickTransaction(NpgsqlDataSource database, OffsetFence offsets, bool isWarmUp)
{
    /// <summary>Copies the rows directly into the table.</summary>
    /// <exception cref="PostgresException">A row is refused; for example, the table already has it (23505).</exception>
    public Task<WriteOutcome[]> CopyAsync(IReadOnlyList<PendingWrite> writes, CancellationToken cancellationToken) =>
        RunAsync(
            writes,
            async (connection, accepted) =>
            {
                await RowCopy.CopyAsync(connection, MarketTicksTable.CopyInto, accepted.Select(write => write.Rows), cancellationToken);
                return accepted.Sum(write => (long)write.RowCount);
            },
            cancellationToken);

    /// <summary>Copies a partition's rows into a staging table, and inserts the missing rows.</summary>
    public async Task<WriteOutcome> MergeAsync(PendingWrite write, CancellationToken cancellationToken)
    {
        var outcomes = await RunAsync(
            [write],
            async (connection, accepted) => await StagedMerge.InsertAsync(connection, write.Rows, cancellationToken),
            cancellationToken);
        return outcomes[0];
    }

    private async Task<WriteOutcome[]> RunAsync(
        IReadOnlyList<PendingWrite> writes,
        Func<NpgsqlConnection, List<PendingWrite>, Task<long>> insertRows,
        CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var isExpected = await offsets.AdvanceAsync(connection, writes, cancellationToken);
        if (isWarmUp)
        {
            Array.Fill(isExpected, true);
        }

        var accepted = writes.Where((_, index) => isExpected[index]).ToList();
        var inserted = accepted.Exists(write => write.RowCount > 0) ? await insertRows(connection, accepted) : 0;
        await FeedGapsTable.WriteAsync(connection, accepted.SelectMany(write => write.Gaps), cancellationToken);
        await (isWarmUp ? transaction.RollbackAsync(cancellationToken) : transaction.CommitAsync(cancellationToken));
        // A direct copy inserts all rows; a merge has a single write.
        return [.. writes.Select((write, index) => new WriteOutcome(isExpected[index], writes.Count == 1 ? inserted : write.RowCount))];
    }
}
