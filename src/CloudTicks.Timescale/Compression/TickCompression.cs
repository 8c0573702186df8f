using CloudTicks.Timescale.Editions;
using CloudTicks.Timescale.Retention;
using CloudTicks.Timescale.Roles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CloudTicks.Timescale.Compression;

/// <summary>
/// Compresses chunks older than <see cref="TimescaleOptions.CompressAfter"/> one by one, oldest first. Does nothing on an edition without
/// compression, or when the option is null.
/// </summary>
/// <param name="database">A migrated database, in the role of the owner of the chunks.</param>
public sealed class TickCompression(
    [FromKeyedServices(DatabaseRole.Owner)] NpgsqlDataSource database, IOptionsMonitor<TimescaleOptions> options, TimescaleMetrics metrics,
    TimeProvider time,
    ILogger<TickCompression> logger)
{
    /// <summary>The key of the advisory lock, an arbitrary constant.</summary>
    private const long CompressionLock = 0x436C_6F75_6443_6F6D;

    /// <summary>
    /// Limits the wait for a locked chunk, because other sessions queue behind the waiting statement. The next run retries the chunk.
    /// </summary>
    private const string SetLockTimeout = "SET lock_timeout = '5s'";

    /// <summary>After this time a run compresses no further chunk; the next run continues.</summary>
    private static readonly TimeSpan Budget = TimeSpan.FromMinutes(5);

    /// <summary>Timeout for the compression of one chunk.</summary>
    private static readonly TimeSpan ChunkTimeout = TimeSpan.FromMinutes(10);

    private CompressionChoice? _loggedChoice;

    /// <summary>The edition; read from the database unless a test sets it.</summary>
    internal TimescaleEdition? Edition { get; init; }

    /// <summary>Compresses the due chunks. One call at a time per process. Does nothing while another program compresses.</summary>
    /// <param name="cancellationToken">Cancels the run; the current chunk stays unchanged.</param>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public async Task<CompressionResult> CompressAsync(CancellationToken cancellationToken)
    {
        var current = options.CurrentValue;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var choice = CompressionChoice.Of(Edition ?? await TimescaleEdition.ReadAsync(connection, cancellationToken), current);
        LogChoice(choice);
        var result = new CompressionResult(choice, [], [], []);
        if (!choice.IsEnabled || !await QueryAsync($"SELECT pg_try_advisory_lock({CompressionLock})", connection, cancellationToken))
        {
            return result;
        }

        try
        {
            await ExecuteAsync(connection, SetLockTimeout, cancellationToken);
            result = await CompressAsync(connection, result, current, cancellationToken);
        }
        finally
        {
            if (connection.FullState == System.Data.ConnectionState.Open)
            {
                await ExecuteAsync(connection, $"RESET lock_timeout; SELECT pg_advisory_unlock({CompressionLock})", CancellationToken.None);
            }
        }

        Report(result);
        return result;
    }

    /// <summary>Selects the due chunks: old enough, not due for retention, and not completely compressed.</summary>
    internal static IEnumerable<Chunk> GetDue(IEnumerable<Chunk> chunks, long cutoffMs, long? windowStartMs) =>
        chunks.Where(
            chunk => chunk.ToMs <= cutoffMs && !(chunk.ToMs <= windowStartMs) && (!chunk.IsCompressed || chunk.UncompressedRows > 0));

    private async Task<CompressionResult> CompressAsync(
        NpgsqlConnection connection, CompressionResult result, TimescaleOptions current, CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        if (await TableCutoff.ReadAsync(connection, current.CompressAfter!.Value, time, cancellationToken) is not { } cutoff)
        {
            return result;
        }

        long? windowStartMs = current.RetentionWindow is { } window
            ? cutoff.Ms + (long)(current.CompressAfter.Value - window).TotalMilliseconds
            : null;
        var (compressed, joined, held) = (new List<Chunk>(), new List<Chunk>(), new List<Chunk>());
        result = result with { Compressed = compressed, Joined = joined, Held = held };
        try
        {
            if (!await QueryAsync(CompressionStatements.IsEnabledQuery, connection, cancellationToken))
            {
                await ExecuteAsync(connection, CompressionStatements.Enable, cancellationToken);
            }

            foreach (var chunk in GetDue(await ChunkList.ReadAsync(connection, sizes: false, cancellationToken), cutoff.Ms, windowStartMs))
            {
                if (time.GetElapsedTime(startedAt) > Budget)
                {
                    break;
                }

                (await TryCompressAsync(connection, chunk, cancellationToken) ? chunk.IsCompressed ? joined : compressed : held).Add(chunk);
            }
        }
        catch (PostgresException refused) when (!cancellationToken.IsCancellationRequested)
        {
            return result with { Problem = DatabaseProblem.Of(refused, connection.ConnectionString).Text };
        }

        return result;
    }

    private static async Task<bool> TryCompressAsync(NpgsqlConnection connection, Chunk chunk, CancellationToken cancellationToken)
    {
        try
        {
            // Each chunk is compressed in its own transaction, so that a locked chunk does not undo the compression of earlier ones.
            await using var command = new NpgsqlCommand(CompressionStatements.Compress, connection)
            {
                Parameters = { new NpgsqlParameter<string> { TypedValue = chunk.Name } },
                CommandTimeout = (int)ChunkTimeout.TotalSeconds,
            };
            await command.ExecuteNonQueryAsync(cancellationToken);
            return true;
        }
        catch (PostgresException held) when (ChunkDrop.IsCausedByLock(held))
        {
            return false;
        }
    }

    private void LogChoice(CompressionChoice choice)
    {
        if (choice != _loggedChoice)
        {
            _loggedChoice = choice;
            logger.CompressionChosen(choice.IsEnabled ? "on" : "off", choice.Reason);
        }
    }

    private void Report(CompressionResult result)
    {
        metrics.Compressed(result);
        if (result.Compressed.Count + result.Joined.Count + result.Held.Count > 0)
        {
            logger.ChunksCompressed(result.Compressed.Count, result.Joined.Count, result.Held.Count);
        }

        if (result.Problem is { } problem)
        {
            logger.CompressionRefused(problem);
        }
    }

    private static async Task<bool> QueryAsync(string sql, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
