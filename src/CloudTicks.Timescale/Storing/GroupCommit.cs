using Microsoft.Extensions.Options;
using Npgsql;

namespace CloudTicks.Timescale.Storing;

/// <summary>Commits waiting writes together, so that partitions share one flush. The next group is collected during a commit.</summary>
internal sealed class GroupCommit : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly WriteQueue _queue;
    private readonly TickTransaction _transaction;
    private readonly RowRefusalSearch _refusals;
    private readonly TimescaleMetrics _metrics;
    private readonly CommitPace[] _paces;
    private readonly Task[] _writers;

    public GroupCommit(
        TickTransaction transaction, RowRefusalSearch refusals, IOptionsMonitor<TimescaleOptions> options, TimescaleMetrics metrics,
        TimeProvider time)
    {
        (_transaction, _refusals, _metrics) = (transaction, refusals, metrics);
        _queue = new WriteQueue(options, time);
        _paces = [.. Enumerable.Range(0, options.CurrentValue.Writers).Select(_ => new CommitPace(time))];
        _writers = Array.ConvertAll(_paces, pace => Task.Run(() => RunAsync(pace)));
    }

    /// <exception cref="RowsRefusedException">The database refuses some of the rows or gaps.</exception>
    /// <exception cref="NpgsqlException">
    /// The database does not answer, or refuses the transaction for another reason, such as a full disk. Nothing was written, unless the
    /// response to a commit was lost.
    /// </exception>
    public async Task<WriteOutcome> WriteAsync(PendingWrite write)
    {
        await _queue.AddAsync(write);
        return await write.Done;
    }

    public Task WaitForNextTransactionAsync() => _queue.WaitForNextTransactionAsync(_paces);

    public async ValueTask DisposeAsync()
    {
        if (_queue.Complete())
        {
            await _stopping.CancelAsync();
            await Task.WhenAll(_writers);
            _stopping.Dispose();
            _queue.Dispose();
        }
    }

    private async Task RunAsync(CommitPace pace)
    {
        var group = new WriteGroup();
        while (await _queue.GatherAsync(group, _paces))
        {
            pace.Begin(group.Rows);
            await CommitAsync(group.Writes, pace);
            group.Clear();
        }
    }

    /// <summary>
    /// Commits a group. <see cref="CommitPace.End"/> is called before the callers continue, because their next rows belong to the next
    /// transaction.
    /// </summary>
    private async Task CommitAsync(List<PendingWrite> group, CommitPace pace)
    {
        // Commit writes with likely duplicates separately: a duplicate would make the transaction of the other writes fail.
        var jointWrites = group.FindAll(write => !write.LikelyRepeats);
        var separateWrites = group.FindAll(write => write.LikelyRepeats);
        if (jointWrites.Count > 1 && !await TryCommitTogetherAsync(jointWrites, pace))
        {
            separateWrites.AddRange(jointWrites);
        }
        else if (jointWrites.Count == 1)
        {
            separateWrites.Add(jointWrites[0]);
        }

        foreach (var write in separateWrites)
        {
            await CommitSeparatelyAsync(write, pace);
        }
    }

    /// <summary>
    /// Tries to commit all writes in one transaction. Returns false if a row or gap made the transaction fail; on any other failure, all
    /// writes fail.
    /// </summary>
    private async Task<bool> TryCommitTogetherAsync(List<PendingWrite> group, CommitPace pace)
    {
        try
        {
            using var cancellation = new GroupCancellation(group, _stopping.Token);
            var started = _metrics.Now;
            var outcomes = await _transaction.CopyAsync(group, cancellation.Token);
            _metrics.Committed(started, group.Count);
            pace.End();
            for (var index = 0; index < group.Count; index++)
            {
                group[index].Complete(outcomes[index]);
            }
        }
        catch (PostgresException refused) when (RowRefusalSearch.IsCausedByRows(refused))
        {
            return false;
        }
        catch (Exception problem)
        {
            pace.End();
            group.ForEach(write => write.Fail(problem));
        }

        return true;
    }

    private async Task CommitSeparatelyAsync(PendingWrite write, CommitPace pace)
    {
        try
        {
            using var cancellation = new GroupCancellation([write], _stopping.Token);
            var outcome = await CopyOrMergeAsync(write, cancellation.Token);
            pace.End();
            write.Complete(outcome);
        }
        catch (Exception problem)
        {
            pace.End();
            write.Fail(problem);
        }
    }

    private async Task<WriteOutcome> CopyOrMergeAsync(PendingWrite write, CancellationToken cancellationToken)
    {
        try
        {
            var started = _metrics.Now;
            var outcome = write.LikelyRepeats ? null : await TryCopyAsync(write, cancellationToken);
            if (outcome is null)
            {
                outcome = await _transaction.MergeAsync(write, cancellationToken);
                _metrics.Merged();
            }

            _metrics.Committed(started, 1);
            return outcome.Value;
        }
        catch (PostgresException refused) when (RowRefusalSearch.IsCausedByRows(refused))
        {
            if (await _refusals.FindAsync(write, refused, cancellationToken) is { } found)
            {
                throw found;
            }

            throw;
        }
    }

    /// <summary>
    /// Copies the rows of a write. Returns null if the table already has some of the ticks, which the slower merge skips.
    /// </summary>
    private async Task<WriteOutcome?> TryCopyAsync(PendingWrite write, CancellationToken cancellationToken)
    {
        try
        {
            return (await _transaction.CopyAsync([write], cancellationToken))[0];
        }
        catch (PostgresException repeated) when (repeated.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return null;
        }
    }
}
