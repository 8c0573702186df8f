using CloudTicks.Timescale.Roles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CloudTicks.Timescale.Retention;

/// <summary>Drops whole chunks older than <see cref="TimescaleOptions.RetentionWindow"/>, as cheap as files, and verifies it.</summary>
public sealed class TableRetention(
    [FromKeyedServices(DatabaseRole.Owner)] NpgsqlDataSource database, IOptionsMonitor<TimescaleOptions> options, TimescaleMetrics metrics,
    TimeProvider time,
    ILogger<TableRetention> logger)
{
    /// <summary>A replay may put old ticks into the table while a run goes on; so often it goes after them.</summary>
    private const int MostPasses = 3;

    private volatile TableRetentionResult? _last;

    /// <summary>Lock timeout: a chunk in use waits for the next run, and nobody waits longer behind this one.</summary>
    internal TimeSpan ChunkPatience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The last run of this process that was to drop; null before the first.</summary>
    public TableRetentionResult? Last => _last;

    /// <summary>Drops the chunks that lie wholly before the cutoff, oldest first, each in its transaction, and verifies the rest.</summary>
    /// <param name="cancellationToken">Ends the run after the chunk under way, which stays.</param>
    /// <returns>What went, and whether all that should is gone.</returns>
    /// <exception cref="NpgsqlException">The database does not answer, or refuses for another reason than a lock.</exception>
    /// <exception cref="TableRetentionBusyException">Another program is at it.</exception>
    public async Task<TableRetentionResult> EnforceAsync(CancellationToken cancellationToken)
    {
        var result = await RunAsync(dry: false, cancellationToken);
        _last = result;
        metrics.RetentionRan(result);
        Report(result);
        return result;
    }

    /// <summary>Looks up what a run would drop now.</summary>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    /// <exception cref="TableRetentionBusyException">Another program is at it.</exception>
    public Task<TableRetentionResult> RehearseAsync(CancellationToken cancellationToken) => RunAsync(dry: true, cancellationToken);

    /// <summary>
    /// Drops the oldest chunk although it is inside the window, because there is no room: never one that ended less than its own length
    /// ago.
    /// </summary>
    /// <param name="cancellationToken">Ends it; then the chunk stays.</param>
    /// <returns>What went; null when there is nothing that may go, or somebody holds it.</returns>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    /// <exception cref="TableRetentionBusyException">Another program is at it.</exception>
    public async Task<Chunk?> DropOldestEarlyAsync(string why, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var turn = await TableRetentionTurn.TakeAsync(connection, cancellationToken);
        if (await OldestChunk.FindAsync(connection, time, cancellationToken) is not { } oldest)
        {
            logger.NothingToDropEarly(why);
            return null;
        }

        var (from, to) = (DateTimeOffset.FromUnixTimeMilliseconds(oldest.FromMs), DateTimeOffset.FromUnixTimeMilliseconds(oldest.ToMs));
        try
        {
            if (!await ChunkDrop.DropAsync(connection, oldest, ChunkPatience, cancellationToken))
            {
                return null;
            }
        }
        catch (PostgresException held) when (ChunkDrop.IsHeld(held))
        {
            logger.EarlyDropHeld(from, to, await ChunkDrop.HolderAsync(connection, oldest, cancellationToken));
            return null;
        }

        metrics.DroppedEarly();
        logger.DroppedEarly(from, to, oldest.EstimatedRows, new(oldest.Bytes), why);
        return oldest;
    }

    private async Task<TableRetentionResult> RunAsync(bool dry, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var window = options.CurrentValue.RetentionWindow;
        var result = new TableRetentionResult { StartedMs = time.GetUtcNow().ToUnixTimeMilliseconds(), IsDry = dry, Window = window };
        if (window is not { } kept)
        {
            return result;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var turn = await TableRetentionTurn.TakeAsync(connection, cancellationToken);
        if (await TableCutoff.ReadAsync(connection, kept, time, cancellationToken) is { } cutoff)
        {
            var before = await ChunkList.ReadAsync(connection, sizes: true, cancellationToken);
            result = result with { CutoffMs = cutoff.Ms, Clock = cutoff.Clock };
            result = dry
                ? result with { Dropped = Due(before, cutoff.Ms) }
                : await VerifyAsync(connection, await DropAsync(connection, result, before, cancellationToken), before, cancellationToken);
        }

        return result with { Took = time.GetElapsedTime(started) };
    }

    private static List<Chunk> Due(List<Chunk> chunks, long cutoffMs) => chunks.FindAll(chunk => chunk.ToMs <= cutoffMs);

    private async Task<TableRetentionResult> DropAsync(
        NpgsqlConnection connection, TableRetentionResult result, List<Chunk> chunks, CancellationToken cancellationToken)
    {
        var (dropped, due) = (new List<Chunk>(), Due(chunks, result.CutoffMs!.Value));
        for (var pass = 0; pass < MostPasses && due.Count > 0; pass++)
        {
            foreach (var chunk in due)
            {
                try
                {
                    dropped.AddRange(await ChunkDrop.DropAsync(connection, chunk, ChunkPatience, cancellationToken) ? [chunk] : []);
                }
                catch (PostgresException held) when (ChunkDrop.IsHeld(held))
                {
                    return result with
                    {
                        Dropped = dropped,
                        Blocked = chunk,
                        BlockedBy = await ChunkDrop.HolderAsync(connection, chunk, cancellationToken),
                    };
                }
            }

            due = Due(await ChunkList.ReadAsync(connection, sizes: false, cancellationToken), result.CutoffMs.Value);
        }

        return result with { Dropped = dropped };
    }

    /// <summary>Removes gaps that nobody needs any more, and looks again: is nothing older left, and did nothing younger go?</summary>
    private static async Task<TableRetentionResult> VerifyAsync(
        NpgsqlConnection connection, TableRetentionResult result, List<Chunk> before, CancellationToken cancellationToken)
    {
        var after = await ChunkList.ReadAsync(connection, sizes: false, cancellationToken);
        var there = after.Select(chunk => chunk.Name).ToHashSet(StringComparer.Ordinal);
        return result with
        {
            RemovedGaps = await ClosedGaps.RemoveAsync(connection, result.CutoffMs!.Value, cancellationToken),
            Left = Due(after, result.CutoffMs.Value),
            Lost = before.FindAll(chunk => chunk.ToMs > result.CutoffMs && !there.Contains(chunk.Name)),
            OldestMs = await ChunkList.OldestTickAsync(connection, after, cancellationToken),
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
                logger.NothingStored();
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
