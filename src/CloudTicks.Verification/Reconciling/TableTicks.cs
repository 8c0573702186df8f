using Npgsql;

namespace CloudTicks.Verification.Reconciling;

/// <summary>Reads the rows of <c>market_ticks</c> in order of their time.</summary>
internal sealed class TableTicks : IAsyncDisposable
{
    private const string SelectInOrder =
        """
        SELECT symbol, kind = 'trade', timestamp_ms, tick_hash FROM market_ticks
        WHERE timestamp_ms >= $1 AND timestamp_ms < $2 AND ($3::text[] IS NULL OR symbol = ANY($3)) ORDER BY timestamp_ms
        """;

    private const string SelectFirstReceived = "SELECT min(received_ms) FROM market_ticks WHERE timestamp_ms >= $1 AND timestamp_ms < $2";

    private const string SelectOldestChunk =
        """
        SELECT min(range_start_integer) FROM timescaledb_information.chunks
        WHERE 'market_ticks'::regclass IS NOT NULL AND hypertable_schema = current_schema() AND hypertable_name = 'market_ticks'
        """;

    private readonly NpgsqlCommand _command;
    private readonly NpgsqlDataReader _reader;

    private TableTicks(NpgsqlCommand command, NpgsqlDataReader reader) => (_command, _reader) = (command, reader);

    /// <summary>The current row; null after the last.</summary>
    public TableTick? Current { get; private set; }

    /// <summary>The earliest time at which a tick of a time range was received, Unix ms; null without ticks.</summary>
    public static Task<long?> FirstReceivedAsync(NpgsqlDataSource table, long fromMs, long toMs, CancellationToken cancellationToken) =>
        QueryAsync(table, SelectFirstReceived, cancellationToken, fromMs, toMs);

    /// <summary>The start of the table's oldest chunk, Unix ms; null for an empty table.</summary>
    public static Task<long?> BeginningAsync(NpgsqlDataSource table, CancellationToken cancellationToken) =>
        QueryAsync(table, SelectOldestChunk, cancellationToken);

    /// <summary>Opens the reader at the first row.</summary>
    public static async Task<TableTicks> OpenAsync(
        NpgsqlDataSource table, IReadOnlyCollection<string>? symbols, long fromMs, long toMs, CancellationToken cancellationToken)
    {
        var command = table.CreateCommand(SelectInOrder);
        command.CommandTimeout = 0; // no time-out, because the time range may be long; the token cancels the query
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = fromMs });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = toMs });
        command.Parameters.Add(new NpgsqlParameter
        {
            Value = symbols is null ? DBNull.Value : symbols.ToArray(),
            NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Text,
        });
        var ticks = new TableTicks(command, await command.ExecuteReaderAsync(cancellationToken));
        await ticks.AdvanceAsync(cancellationToken);
        return ticks;
    }

    public async ValueTask AdvanceAsync(CancellationToken cancellationToken) => Current = await _reader.ReadAsync(cancellationToken)
        ? new TableTick(new Series(_reader.GetString(0), _reader.GetBoolean(1)), _reader.GetInt64(2), (ulong)_reader.GetInt64(3))
        : null;

    public async ValueTask DisposeAsync()
    {
        await _reader.DisposeAsync();
        await _command.DisposeAsync();
    }

    private static async Task<long?> QueryAsync(
        NpgsqlDataSource table, string sql, CancellationToken cancellationToken, params long[] parameters)
    {
        await using var command = table.CreateCommand(sql);
        command.CommandTimeout = 0;
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = parameter });
        }

        return await command.ExecuteScalarAsync(cancellationToken) as long?;
    }
}

internal readonly record struct TableTick(Series Series, long TimestampMs, ulong Identity);
