using CloudTicks.Timescale.Editions;
using CloudTicks.Timescale.Retention;
using CloudTicks.Timescale.Roles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CloudTicks.Timescale.Compression;

/// <summary>
/// Compresses chunks that are older than <see cref="TimescaleOptions.CompressAfter"/>, where the edition of TimescaleDB can: one by one,
/// each by itself, oldest first. Where it cannot, nothing is asked of the database that it would refuse.
/// </summary>
/// <param name="database">A database with the schema of this program, in the role of the owner, to whom the chunks belong.</param>
public sealed class TickCompression(
    [FromKeyedServices(DatabaseRole.Owner)] NpgsqlDataSource database, IOptionsMonitor<TimescaleOptions> options, TimescaleMetrics metrics,
    TimeProvider time,
    ILogger<TickCompression> logger)
{
    /// <summary>Chosen once at random.</summary>
    private const long CompressionLock = 0x436C_6F75_6443_6F6D;

    /// <summary>Lock timeout: a chunk in use waits for the next run, and nobody waits longer behind this one.</summary>
    private const string LimitWaiting = "SET lock_timeout = '5s'";

    /// <summary>No further chunk is begun after this: the next run goes on.</summary>
    private static readonly TimeSpan Budget = TimeSpan.FromMinutes(5);

    /// <summary>A chunk that takes longer is given up.</summary>
    private static readonly TimeSpan LongestChunk = TimeSpan.FromMinutes(10);

    private CompressionChoice? _told;

    /// <summary>Which edition there is; asked of the database where a test does not say.</summary>
    internal TimescaleEdition? Edition { get; init; }

    /// <summary>Compresses what is due. One caller of a process at a time; while another program is at it, nothing is done.</summary>
    /// <param name="cancellationToken">Ends the run; the chunk under way stays as it was.</param>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public async Task<CompressionResult> CompressAsync(CancellationToken cancellationToken)
    {
        var current = options.CurrentValue;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var choice = CompressionChoice.Of(Edition ?? await TimescaleEdition.ReadAsync(connection, cancellationToken), current);
        Tell(choice);
        var result = new CompressionResult(choice, [], [], []);
        if (!choice.IsOn || !await AskAsync($"SELECT pg_try_advisory_lock({CompressionLock})", connection, cancellationToken))
        {
            return result;
        }

        try
        {
            await ExecuteAsync(connection, LimitWaiting, cancellationToken);
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

    /// <summary>The chunks to compress: old enough, not about to go, and with rows that are not compressed.</summary>
    internal static IEnumerable<Chunk> Due(IEnumerable<Chunk> chunks, long youngestMs, long? goneMs) =>
        chunks.Where(chunk => chunk.ToMs <= youngestMs && !(chunk.ToMs <= goneMs) && (!chunk.IsCompressed || chunk.LooseRows > 0));

    private async Task<CompressionResult> CompressAsync(
        NpgsqlConnection connection, CompressionResult result, TimescaleOptions current, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        if (await TableCutoff.ReadAsync(connection, current.CompressAfter!.Value, time, cancellationToken) is not { } cutoff)
        {
            return result;
        }

        long? gone = current.RetentionWindow is { } window
            ? cutoff.Ms + (long)(current.CompressAfter.Value - window).TotalMilliseconds
            : null;
        var (compressed, joined, held) = (new List<Chunk>(), new List<Chunk>(), new List<Chunk>());
        result = result with { Compressed = compressed, Joined = joined, Held = held };
        try
        {
            if (!await AskAsync(CompressionStatements.IsOn, connection, cancellationToken))
            {
                await ExecuteAsync(connection, CompressionStatements.TurnOn, cancellationToken);
            }

            foreach (var chunk in Due(await ChunkList.ReadAsync(connection, sizes: false, cancellationToken), cutoff.Ms, gone))
            {
                if (time.GetElapsedTime(began) > Budget)
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
            // A statement by itself, which is its own transaction.
            await using var command = new NpgsqlCommand(CompressionStatements.Compress, connection)
            {
                Parameters = { new NpgsqlParameter<string> { TypedValue = chunk.Name } },
                CommandTimeout = (int)LongestChunk.TotalSeconds,
            };
            await command.ExecuteNonQueryAsync(cancellationToken);
            return true;
        }
        catch (PostgresException held) when (ChunkDrop.IsHeld(held))
        {
            return false;
        }
    }

    private void Tell(CompressionChoice choice)
    {
        if (choice != _told)
        {
            _told = choice;
            logger.CompressionChosen(choice.IsOn ? "on" : "off", choice.Why);
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

    private static async Task<bool> AskAsync(string question, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(question, connection);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
