using CloudTicks.Timescale.Roles;
using CloudTicks.Timescale.Storing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CloudTicks.Timescale.Retention;

/// <summary>
/// Drops what is older than <see cref="TimescaleOptions.RetentionWindow"/>: whole chunks only, so that it costs no more than deleting
/// files. A clock that is wrong, or a feed that stands still, drops nothing early: of all clocks the one that is behind counts.
/// </summary>
/// <param name="database">A database with the schema of this program.</param>
/// <param name="options">The window, which may change between two runs.</param>
/// <param name="metrics">Counts dropped chunks.</param>
/// <param name="time">The own clock.</param>
/// <param name="logger">Told what each run did.</param>
public sealed class TickRetention(
    [FromKeyedServices(DatabaseRole.Owner)] NpgsqlDataSource database, IOptionsMonitor<TimescaleOptions> options, TimescaleMetrics metrics, TimeProvider time,
    ILogger<TickRetention> logger)
{
    /// <summary>Who reads or writes a chunk for longer keeps it until the next run; whoever comes behind this run waits as long at most.</summary>
    private const string LockTimeout = "SET LOCAL lock_timeout = '2s'";

    /// <summary>Chosen once at random: two programs never drop at the same time.</summary>
    private const long RetentionLock = 0x436C_6F75_6444_726F;

    /// <summary>Drops the chunks that lie wholly before the cutoff, oldest first, each in a transaction of its own.</summary>
    /// <param name="cancellationToken">Ends the run after the chunk under way, which stays.</param>
    /// <returns>What went.</returns>
    /// <exception cref="NpgsqlException">The database does not answer, or refuses for another reason than a lock.</exception>
    public async Task<RetentionResult> EnforceAsync(CancellationToken cancellationToken)
    {
        if (options.CurrentValue.RetentionWindow is not { } window)
        {
            logger.RetentionOff();
            return new RetentionResult(null, RetentionClock.Own, [], null);
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await CutoffAsync(connection, window, cancellationToken) is not var (cutoff, clock))
        {
            logger.NothingStored();
            return new RetentionResult(null, RetentionClock.Own, [], null);
        }

        var (dropped, blocked) = (new List<Chunk>(), (Chunk?)null);
        try
        {
            foreach (var chunk in await ChunksBeforeAsync(connection, cutoff, cancellationToken))
            {
                blocked = chunk;
                dropped.AddRange(await DropAsync(connection, chunk, cancellationToken) ? [chunk] : []);
                blocked = null;
            }
        }
        catch (PostgresException held) when (held.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
        {
            logger.ChunkHeld(blocked!.Value.Name);
        }

        metrics.ChunksDropped(dropped.Count);
        Report(window, cutoff, clock, dropped);
        return new RetentionResult(cutoff, clock, dropped, blocked);
    }

    private void Report(TimeSpan window, long cutoff, RetentionClock clock, List<Chunk> dropped)
    {
        var until = DateTimeOffset.FromUnixTimeMilliseconds(cutoff);
        if (dropped.Count == 0)
        {
            logger.NothingDropped(until, window, clock);
        }
        else
        {
            var from = DateTimeOffset.FromUnixTimeMilliseconds(dropped[0].FromMs);
            var to = DateTimeOffset.FromUnixTimeMilliseconds(dropped[^1].ToMs);
            logger.ChunksDropped(dropped.Count, from, to, until, window, clock);
        }
    }

    /// <summary>The earliest of the clocks less the window; null when the table is empty.</summary>
    private async Task<(long Ms, RetentionClock Clock)?> CutoffAsync(
        NpgsqlConnection connection, TimeSpan window, CancellationToken cancellationToken)
    {
        if (await NewestTickQuery.ReadAsync(connection, cancellationToken) is not { } newest)
        {
            return null;
        }

        await using var command = new NpgsqlCommand("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint", connection);
        var now = (long)(await command.ExecuteScalarAsync(cancellationToken))!;
        (long Ms, RetentionClock Clock) earliest = new[]
        {
            (Ms: time.GetUtcNow().ToUnixTimeMilliseconds(), RetentionClock.Own),
            (Ms: now, RetentionClock.Database),
            (Ms: newest, RetentionClock.NewestTick),
        }.MinBy(clock => clock.Ms);
        return (earliest.Ms - (long)window.TotalMilliseconds, earliest.Clock);
    }

    private static async Task<List<Chunk>> ChunksBeforeAsync(NpgsqlConnection connection, long cutoff, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT chunk_schema || '.' || chunk_name, range_start_integer, range_end_integer FROM timescaledb_information.chunks
            WHERE hypertable_schema = current_schema() AND hypertable_name = 'market_ticks' AND range_end_integer <= $1
            ORDER BY range_start_integer
            """,
            connection)
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = cutoff } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var chunks = new List<Chunk>();
        while (await reader.ReadAsync(cancellationToken))
        {
            chunks.Add(new Chunk(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2)));
        }

        return chunks;
    }

    /// <summary>False when another program was quicker.</summary>
    private static async Task<bool> DropAsync(NpgsqlConnection connection, Chunk chunk, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, LockTimeout, cancellationToken);
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({RetentionLock})", cancellationToken);
        await using var command = new NpgsqlCommand("SELECT count(*) FROM drop_chunks('market_ticks', older_than => $1)", connection)
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = chunk.ToMs } },
        };
        var dropped = (long)(await command.ExecuteScalarAsync(cancellationToken))!;
        await transaction.CommitAsync(cancellationToken);
        return dropped > 0;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
