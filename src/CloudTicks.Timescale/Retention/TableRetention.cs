using CloudTicks.Timescale.Roles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CloudTicks.Timescale.Retention;

/// <summary>
/// Drops whole chunks older than <see cref="TimescaleOptions.RetentionWindow"/>, which is as cheap as deleting files, and verifies the
/// result.
/// </summary>
public sealed class TableRetention(
    [FromKeyedServices(DatabaseRole.Owner)] NpgsqlDataSource database, IOptionsMonitor<TimescaleOptions> options, TimescaleMetrics metrics,
    TimeProvider time,
    ILogger<TableRetention> logger)
{
    /// <summary>The maximum number of passes of a run. A run needs further passes when a concurrent replay adds old ticks.</summary>
    private const int MaxPasses = 3;

    private volatile TableRetentionResult? _last;

    /// <summary>
    /// Limits the wait for a locked chunk, because other sessions queue behind the waiting statement. The next run retries the chunk.
    /// </summary>
    internal TimeSpan ChunkLockTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The result of this process's last run that was not a dry run; null before the first.</summary>
    public TableRetentionResult? Last => _last;

    /// <summary>
    /// Drops the chunks that end at or before the cutoff, oldest first, each in its own transaction, and verifies the remaining chunks.
    /// </summary>
    /// <param name="cancellationToken">Cancels the run; the current chunk stays.</param>
    /// <returns>The dropped chunks, and the result of the verification.</returns>
    /// <exception cref="NpgsqlException">The database does not answer, or refuses a statement for a reason other than a lock.</exception>
    /// <exception cref="TableRetentionBusyException">Another program enforces retention.</exception>
    public async Task<TableRetentionResult> EnforceAsync(CancellationToken cancellationToken)
    {
        var result = await RunAsync(dry: false, cancellationToken);
        _last = result;
        metrics.RetentionRan(result);
        Report(result);
        return result;
    }

    /// <summary>Finds the chunks that a run would drop now.</summary>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    /// <exception cref="TableRetentionBusyException">Another program enforces retention.</exception>
    public Task<TableRetentionResult> DryRunAsync(CancellationToken cancellationToken) => RunAsync(dry: true, cancellationToken);

    /// <summary>
    /// Drops the oldest chunk to free space, even within the window, unless it ended less than a chunk's length ago.
    /// </summary>
    /// <param name="cancellationToken">Cancels the drop; the chunk stays.</param>
    /// <returns>The dropped chunk; null when no chunk may be dropped, or the oldest chunk is locked.</returns>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    /// <exception cref="TableRetentionBusyException">Another program enforces retention.</exception>
    public async Task<Chunk?> DropOldestEarlyAsync(string why, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var retentionLock = await TableRetentionLock.AcquireAsync(connection, cancellationToken);
        if (await OldestChunk.FindAsync(connection, time, cancellationToken) is not { } oldest)
        {
            logger.NothingToDropEarly(why);
            return null;
        }

        var (from, to) = (DateTimeOffset.FromUnixTimeMilliseconds(oldest.FromMs), DateTimeOffset.FromUnixTimeMilliseconds(oldest.ToMs));
        try
        {
            if (!await ChunkDrop.DropAsync(connection, oldest, ChunkLockTimeout, cancellationToken))
            {
                return null;
            }
        }
        catch (PostgresException held) when (ChunkDrop.IsCausedByLock(held))
        {
            logger.EarlyDropBlocked(from, to, await ChunkDrop.DescribeLockHolderAsync(connection, oldest, cancellationToken));
            return null;
        }

        metrics.DroppedEarly();
        logger.DroppedEarly(from, to, oldest.EstimatedRows, new(oldest.Bytes), why);
        return oldest;
    }

    private async Task<TableRetentionResult> RunAsync(bool dry, CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        var window = options.CurrentValue.RetentionWindow;
        var result = new TableRetentionResult { StartedMs = time.GetUtcNow().ToUnixTimeMilliseconds(), IsDry = dry, Window = window };
        if (window is not { } retained)
        {
            return result;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var retentionLock = await TableRetentionLock.AcquireAsync(connection, cancellationToken);
        if (await TableCutoff.ReadAsync(connection, retained, time, cancellationToken) is { } cutoff)
        {
            var before = await ChunkList.ReadAsync(connection, sizes: true, cancellationToken);
            result = result with { CutoffMs = cutoff.Ms, Clock = cutoff.Clock };
            result = dry
                ? result with { Dropped = GetDue(before, cutoff.Ms) }
                : await VerifyAsync(connection, await DropAsync(connection, result, before, cancellationToken), before, cancellationToken);
        }

        return result with { Duration = time.GetElapsedTime(startedAt) };
    }

    private static List<Chunk> GetDue(List<Chunk> chunks, long cutoffMs) => chunks.FindAll(chunk => chunk.ToMs <= cutoffMs);

    private async Task<TableRetentionResult> DropAsync(
        NpgsqlConnection connection, TableRetentionResult result, List<Chunk> chunks, CancellationToken cancellationToken)
    {
        var (dropped, due) = (new List<Chunk>(), GetDue(chunks, result.CutoffMs!.Value));
        for (var pass = 0; pass < MaxPasses && due.Count > 0; pass++)
        {
            foreach (var chunk in due)
            {
                try
                {
                    dropped.AddRange(await ChunkDrop.DropAsync(connection, chunk, ChunkLockTimeout, cancellationToken) ? [chunk] : []);
                }
                catch (PostgresException held) when (ChunkDrop.IsCausedByLock(held))
                {
                    return result with
                    {
                        Dropped = dropped,
                        Blocked = chunk,
                        BlockedBy = await ChunkDrop.DescribeLockHolderAsync(connection, chunk, cancellationToken),
                    };
                }
            }

            due = GetDue(await ChunkList.ReadAsync(connection, sizes: false, cancellationToken), result.CutoffMs.Value);
        }

        return result with { Dropped = dropped };
    }

    /// <summary>Deletes old closed gaps, and checks that no chunk before the cutoff remains and no later chunk is missing.</summary>
    private static async Task<TableRetentionResult> VerifyAsync(
        NpgsqlConnection connection, TableRetentionResult result, List<Chunk> before, CancellationToken cancellationToken)
    {
        var after = await ChunkList.ReadAsync(connection, sizes: false, cancellationToken);
        var remaining = after.Select(chunk => chunk.Name).ToHashSet(StringComparer.Ordinal);
        return result with
        {
            RemovedGaps = await ClosedGaps.RemoveAsync(connection, result.CutoffMs!.Value, cancellationToken),
            Remaining = GetDue(after, result.CutoffMs.Value),
            Lost = before.FindAll(chunk => chunk.ToMs > result.CutoffMs && !remaining.Contains(chunk.Name)),
            OldestMs = await ChunkList.ReadOldestTickAsync(connection, after, cancellationToken),
        };
    }

    private void Report(TableRetentionResult result)
    {
        if (result.Problem is { } problem)
        {
            logger.RetentionNotVerified(problem);
        }

        if (result.RemovedGaps > 0)
        {
            logger.GapsRemoved(result.RemovedGaps, ClosedGaps.Margin.Days);
        }

        switch (result)
        {
            case { Window: null }:
                logger.RetentionOff();
                break;
            case { CutoffMs: null }:
                logger.RetentionTableEmpty();
                break;
            case { Dropped.Count: 0, CutoffMs: { } cutoff }:
                logger.NothingDropped(DateTimeOffset.FromUnixTimeMilliseconds(cutoff), result.Window.Value.TotalDays, result.Clock);
                break;
            case { Dropped: [var first, ..] and [.., var last], CutoffMs: { } cutoff }:
                logger.ChunksDropped(
                    result.Dropped.Count, DateTimeOffset.FromUnixTimeMilliseconds(first.FromMs),
                    DateTimeOffset.FromUnixTimeMilliseconds(last.ToMs),
                    DateTimeOffset.FromUnixTimeMilliseconds(cutoff), result.Window.Value.TotalDays, result.Clock);
                break;
        }
    }
}
