using CloudTicks.Timescale.Storing.Duplicates;
using Npgsql;

namespace CloudTicks.Timescale.Storing;

/// <summary>Writes rows and offsets of several partitions in one transaction: all of them are there, or none.</summary>
/// <param name="rehearses">Rolls every transaction back, and takes the rows of partitions that are stored nowhere.</param>
internal sealed class TickTransaction(NpgsqlDataSource database, OffsetFence offsets, bool rehearses)
{
    /// <summary>Copies the rows straight into the table.</summary>
    /// <exception cref="PostgresException">Among others: one of the rows is in the table already (23505).</exception>
    public Task<WriteOutcome[]> CopyAsync(IReadOnlyList<PendingWrite> writes, CancellationToken cancellationToken) =>
        RunAsync(
            writes,
            async (connection, accepted) =>
            {
                await RowCopy.CopyAsync(connection, MarketTicksTable.CopyInto, accepted.Select(write => write.Rows), cancellationToken);
                return accepted.Sum(write => (long)write.RowCount);
            },
            cancellationToken);

    /// <summary>Copies a partition's rows into a staging table, and inserts those that are missing.</summary>
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
        var mayGoOn = await offsets.MoveAsync(connection, writes, cancellationToken);
        if (rehearses)
        {
            Array.Fill(mayGoOn, true);
        }

        var accepted = writes.Where((_, index) => mayGoOn[index]).ToList();
        var inserted = accepted.Exists(write => write.RowCount > 0) ? await insertRows(connection, accepted) : 0;
        await FeedGapsTable.WriteAsync(connection, accepted.SelectMany(write => write.Gaps), cancellationToken);
        await (rehearses ? transaction.RollbackAsync(cancellationToken) : transaction.CommitAsync(cancellationToken));
        // Straight into the table all rows are new; one at a time otherwise.
        return [.. writes.Select((write, index) => new WriteOutcome(mayGoOn[index], writes.Count == 1 ? inserted : write.RowCount))];
    }
}
