using System.Runtime.CompilerServices;
using Npgsql;

namespace CloudTicks.Timescale.Queries;

/// <summary>Reads <c>market_ticks</c> for comparison with other stores.</summary>
public sealed class TickQueries(NpgsqlDataSource database)
{
    /// <summary>Streams stored ticks from the server, in no particular order.</summary>
    /// <param name="symbols">The symbols, or null for all.</param>
    /// <param name="fromMs">Start of the range, Unix ms, UTC.</param>
    /// <param name="toMs">End of the range, exclusive, Unix ms, UTC.</param>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public async IAsyncEnumerable<StoredTick> ReadAsync(
        IReadOnlyCollection<string>? symbols, long fromMs, long toMs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var committed = await TracksCommitsAsync(connection, cancellationToken)
            ? "(extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1000)::bigint"
            : "NULL::bigint";
        await using var command = new NpgsqlCommand(
            $"""
            SELECT symbol, timestamp_ms, tick_hash, received_ms, {committed} FROM market_ticks
            WHERE timestamp_ms >= $1 AND timestamp_ms < $2 AND ($3::text[] IS NULL OR symbol = ANY($3))
            """,
            connection)
        {
            // No timeout, because a range may be large: the caller limits the time with the token.
            CommandTimeout = 0,
            Parameters =
            {
                new NpgsqlParameter<long> { TypedValue = fromMs },
                new NpgsqlParameter<long> { TypedValue = toMs },
                new NpgsqlParameter
                {
                    Value = symbols is null ? DBNull.Value : symbols.ToArray(),
                    NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Text,
                },
            },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            yield return new StoredTick(
                reader.GetString(0),
                reader.GetInt64(1),
                (ulong)reader.GetInt64(2),
                reader.GetInt64(3),
                reader.IsDBNull(4) ? null : reader.GetInt64(4));
        }
    }

    /// <summary>Whether the server tracks commit times.</summary>
    private static async Task<bool> TracksCommitsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT current_setting('track_commit_timestamp')::boolean", connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
