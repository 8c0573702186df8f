using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Npgsql;

namespace CloudTicks.Timescale.Storing;

/// <summary>
/// Tries to insert rows into <c>market_ticks</c> with a function on the server, within the connection's current transaction. A refused row
/// then costs a subtransaction instead of a round trip. Accepted rows stay until the transaction is rolled back, so that rows which
/// conflict with each other are also found.
/// </summary>
/// <param name="connection">A connection in a transaction that will be rolled back.</param>
internal sealed class RowTrial(NpgsqlConnection connection, ReadOnlyMemory<byte> rows, int count)
{
    /// <summary>
    /// The number of rows per call: few enough for the command timeout, even if each row creates a chunk and rolls it back.
    /// </summary>
    private const int RowsPerCall = 500;

    /// <summary>
    /// The number of rows that one statement tries. When a statement fails, its rows are tried one by one. The number is small, so that few
    /// statements fail if one row in a hundred is refused.
    /// </summary>
    private const string RowsPerTrial = "25";

    /// <summary>
    /// Creates the temporary table. CREATE TABLE AS does not copy NOT NULL constraints, so that only market_ticks refuses rows with missing
    /// values.
    /// </summary>
    private const string Create =
        $"""
        CREATE TEMPORARY TABLE tried_rows ON COMMIT DROP AS SELECT {MarketTicksTable.Columns}, 0 AS number FROM market_ticks WITH NO DATA;
        ALTER TABLE tried_rows ADD PRIMARY KEY (number)
        """;

    private const string Copy = $"COPY tried_rows ({MarketTicksTable.Columns}, number) FROM STDIN (FORMAT BINARY)";

    private const string Insert = $"INSERT INTO market_ticks ({MarketTicksTable.Columns})";

    private const string SkipExisting = "ON CONFLICT (timestamp_ms, symbol, tick_hash) DO NOTHING";

    /// <summary>The errors of <see cref="RowRefusalSearch.IsCausedByRows"/>. Any other error ends the search.</summary>
    private const string RefusalConditions = "data_exception OR integrity_constraint_violation OR program_limit_exceeded";

    /// <summary>
    /// Creates the chunks in advance, because a refused row rolls back the chunk that was created for it, and creating a chunk costs as
    /// much as a hundred rows. The chunk of each hour is created by a row with only the required columns. This row conflicts with no tried
    /// row: unique constraints of a hypertable include the time, and no tried row has its time.
    /// </summary>
    private const string CreateChunks =
        """
        DO $$
        DECLARE
            opener record;
        BEGIN
            FOR opener IN
                SELECT DISTINCT ON (timestamp_ms / 3600000) symbol, timestamp_ms + 1 AS free_ms, market, kind, source, tick_hash,
                    received_ms FROM tried_rows
                WHERE NOT EXISTS (SELECT FROM tried_rows AS other WHERE other.timestamp_ms = tried_rows.timestamp_ms + 1)
            LOOP
                BEGIN
                    INSERT INTO market_ticks (symbol, timestamp_ms, market, kind, source, tick_hash, received_ms)
                    VALUES (opener.symbol, opener.free_ms, opener.market, opener.kind, opener.source, opener.tick_hash, opener.received_ms)
        """ + $"""
                    {SkipExisting};
                EXCEPTION WHEN {RefusalConditions} THEN
                    NULL;
                END;
            END LOOP;
        END $$
        """;

    private const string CreateFunction =
        $"""
        CREATE FUNCTION pg_temp.refused_rows(first int, behind int)
            RETURNS TABLE (refused int, state text, message text, named text) LANGUAGE plpgsql AS $$
        DECLARE
            tried tried_rows;
        BEGIN
            FOR low IN first .. behind - 1 BY {RowsPerTrial} LOOP
                BEGIN
                    {Insert} SELECT {MarketTicksTable.Columns} FROM tried_rows WHERE number >= low
                        AND number < low + {RowsPerTrial} {SkipExisting};
                    CONTINUE;
                EXCEPTION WHEN {RefusalConditions} THEN
                    NULL;
                END;
                FOR tried IN SELECT * FROM tried_rows WHERE number >= low AND number < low + {RowsPerTrial} ORDER BY number LOOP
                    BEGIN
                        {Insert} SELECT {MarketTicksTable.Columns} FROM (SELECT (tried).*) AS row {SkipExisting};
                    EXCEPTION WHEN {RefusalConditions} THEN
                        GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, named = TABLE_NAME;
                        refused := tried.number;
                        RETURN NEXT;
                    END;
                END LOOP;
            END LOOP;
        END $$
        """;

    private readonly int[] _starts = CopyRows.StartsOf(rows.Span, count);

    /// <summary>Creates the temporary table and function, which exist until the transaction ends.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await RowCopy.ExecuteAsync(connection, Create, cancellationToken);
        await RowCopy.ExecuteAsync(connection, CreateFunction, cancellationToken);
    }

    /// <summary>Sends rows to the server.</summary>
    /// <exception cref="PostgresException">For example, a value is invalid for its column's type.</exception>
    public Task SendAsync(int first, int end, CancellationToken cancellationToken) =>
        RowCopy.CopyAsync(connection, Copy, AddNumbers(first, end), cancellationToken);

    public async IAsyncEnumerable<RowRefusal> TryAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await RowCopy.ExecuteAsync(connection, CreateChunks, cancellationToken);
        await using var command = new NpgsqlCommand("SELECT refused, state, message, named FROM pg_temp.refused_rows($1, $2)", connection);
        var (first, end) = (new NpgsqlParameter<int>(), new NpgsqlParameter<int>());
        command.Parameters.Add(first);
        command.Parameters.Add(end);
        for (var next = 0; next < count; next += RowsPerCall)
        {
            (first.TypedValue, end.TypedValue) = (next, next + RowsPerCall);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                yield return RowRefusal.Of(reader.GetInt32(0), reader.GetString(1), reader.GetString(2), reader.GetString(3));
            }
        }
    }

    /// <summary>Returns the rows, each with its number as an additional column, in a reused buffer.</summary>
    private IEnumerable<ReadOnlyMemory<byte>> AddNumbers(int first, int end)
    {
        var numbered = new byte[CopyRows.MaxRowBytes + (2 * sizeof(int))];
        for (var row = first; row < end; row++)
        {
            var length = _starts[row + 1] - _starts[row];
            rows.Span[_starts[row].._starts[row + 1]].CopyTo(numbered);
            BinaryPrimitives.WriteInt16BigEndian(numbered, MarketTicksTable.ColumnCount + 1);
            BinaryPrimitives.WriteInt32BigEndian(numbered.AsSpan(length), sizeof(int));
            BinaryPrimitives.WriteInt32BigEndian(numbered.AsSpan(length + sizeof(int)), row);
            yield return numbered.AsMemory(0, length + (2 * sizeof(int)));
        }
    }
}
