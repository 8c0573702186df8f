using System.Threading.Channels;
using Npgsql;

namespace CloudTicks.Timescale.Storing;

/// <summary>
/// Puts the writes that wait at the same time into one transaction, so that many partitions share one flush of the database's log.
/// While a transaction commits, the next one gathers: no write waits for company.
/// </summary>
internal sealed class GroupCommit : IAsyncDisposable
{
    /// <summary>Each partition has one write waiting at most, so this is a number of partitions; beyond it callers wait for room.</summary>
    private const int MaxWaiting = 1024;

    private readonly Channel<PendingWrite> _waiting = Channel.CreateBounded<PendingWrite>(MaxWaiting);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TickTransaction _transaction;
    private readonly TimescaleMetrics _metrics;
    private readonly int _rowsPerTransaction;
    private readonly Task[] _writers;

    public GroupCommit(TickTransaction transaction, TimescaleOptions options, TimescaleMetrics metrics)
    {
        (_transaction, _metrics, _rowsPerTransaction) = (transaction, metrics, options.RowsPerTransaction);
        _writers = [.. Enumerable.Range(0, options.Writers).Select(_ => Task.Run(RunAsync))];
    }

    /// <summary>Writes, or says that the partition stands elsewhere than the write expects.</summary>
    /// <exception cref="RowsRefusedException">The database refuses these rows, whatever else is written with them.</exception>
    /// <exception cref="NpgsqlException">The database does not answer, or has no room; nothing was written, unless the answer to a commit was lost.</exception>
    public async Task<WriteOutcome> WriteAsync(PendingWrite write)
    {
        await _waiting.Writer.WriteAsync(write, write.Cancellation);
        return await write.Done;
    }

    public async ValueTask DisposeAsync()
    {
        if (_waiting.Writer.TryComplete())
        {
            await _stopping.CancelAsync();
            await Task.WhenAll(_writers);
            _stopping.Dispose();
        }
    }

    private async Task RunAsync()
    {
        var group = new List<PendingWrite>();
        while (await _waiting.Reader.WaitToReadAsync())
        {
            var rows = 0;
            while (rows < _rowsPerTransaction && _waiting.Reader.TryRead(out var write))
            {
                group.Add(write);
                rows += write.RowCount;
            }

            await CommitAsync(group);
            group.Clear();
        }
    }

    private async Task CommitAsync(List<PendingWrite> group)
    {
        // Who likely meets rows that are there already would spoil the transaction of the others.
        var together = group.FindAll(write => !write.LikelyRepeats);
        var alone = group.FindAll(write => write.LikelyRepeats);
        if (together.Count > 1 && !await TryCommitTogetherAsync(together))
        {
            alone.AddRange(together);
        }
        else if (together.Count == 1)
        {
            alone.Add(together[0]);
        }

        foreach (var write in alone)
        {
            await CommitAloneAsync(write);
        }
    }

    /// <summary>False when a row of one of the writes spoiled the transaction of all.</summary>
    private async Task<bool> TryCommitTogetherAsync(List<PendingWrite> group)
    {
        try
        {
            using var cancellation = new GroupCancellation(group, _stopping.Token);
            var started = _metrics.Now;
            var outcomes = await _transaction.CopyAsync(group, cancellation.Token);
            _metrics.Committed(started, group.Count);
            for (var index = 0; index < group.Count; index++)
            {
                group[index].Complete(outcomes[index]);
            }
        }
        catch (PostgresException refused) when (IsOfRows(refused))
        {
            return false;
        }
        catch (Exception problem)
        {
            group.ForEach(write => write.Fail(problem));
        }

        return true;
    }

    private async Task CommitAloneAsync(PendingWrite write)
    {
        try
        {
            using var cancellation = new GroupCancellation([write], _stopping.Token);
            var started = _metrics.Now;
            var outcome = await CopyOrMergeAsync(write, cancellation.Token);
            _metrics.Committed(started, 1);
            write.Complete(outcome);
        }
        catch (PostgresException refused) when (IsOfRows(refused))
        {
            write.Fail(new RowsRefusedException(refused.MessageText, refused));
        }
        catch (Exception problem)
        {
            write.Fail(problem);
        }
    }

    private async Task<WriteOutcome> CopyOrMergeAsync(PendingWrite write, CancellationToken cancellationToken)
    {
        if (!write.LikelyRepeats)
        {
            try
            {
                return (await _transaction.CopyAsync([write], cancellationToken))[0];
            }
            catch (PostgresException repeated) when (repeated.SqlState == PostgresErrorCodes.UniqueViolation)
            {
                // Some of the ticks are in the table already: the slower way leaves them out.
            }
        }

        var outcome = await _transaction.MergeAsync(write, cancellationToken);
        _metrics.Merged();
        return outcome;
    }

    /// <summary>Faults of the data itself: bad values, violated constraints, rows too large. All else is a matter of time or of an operator.</summary>
    private static bool IsOfRows(PostgresException problem) => problem.SqlState[..2] is "22" or "23" or "54";
}
