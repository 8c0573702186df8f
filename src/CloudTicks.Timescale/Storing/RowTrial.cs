using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Npgsql;

namespace CloudTicks.Timescale.Storing;

/// <summary>
/// Tries rows on <c>market_ticks</c> inside the server, in the transaction that the connection is in, so that a refused row costs a
/// subtransaction there and no round trip. What the table takes is in it until that transaction is undone, so that rows which exclude each
/// other are found too.
/// </summary>
/// <param name="connection">In a transaction that will be undone.</param>
internal sealed class RowTrial(NpgsqlConnection connection, ReadOnlyMemory<byte> rows, int count)
{
    /// <summary>Few enough for the command's time, even where each row makes a chunk and undoes it.</summary>
    private const int RowsPerCall = 500;

    /// <summary>Tried together, then one by one: few, so that one refused row in a hundred leaves most statements whole.</summary>
    private const string RowsTogether = "25";

    /// <summary>As select makes it, it lacks the NOT NULL of its model, whose refusals are to come from the table.</summary>
    private const string Create =
        $"""
        CREATE TEMPORARY TABLE tried_rows ON COMMIT DROP AS SELECT {MarketTicksTable.Columns}, 0 AS number FROM market_ticks WITH NO DATA;
        ALTER TABLE tried_rows ADD PRIMARY KEY (number)
        """;

    private const string Copy = $"COPY tried_rows ({MarketTicksTable.Columns}, number) FROM STDIN (FORMAT BINARY)";

    private const string Insert = $"INSERT INTO market_ticks ({MarketTicksTable.Columns})";

    private const string Known = "ON CONFLICT (timestamp_ms, symbol, tick_hash) DO NOTHING";

    /// <summary>The faults of <see cref="RowRefusalSearch.IsOfRows"/>; whatever else happens ends the search.</summary>
    private const string Refusal = "data_exception OR integrity_constraint_violation OR program_limit_exceeded";

    /// <summary>
    /// A refused row undoes the chunk that was made for it, and the next one makes it again, for the price of a hundred rows. So a row
    /// without anything that may be left out opens each hour's chunk, if the table takes it. No constraint sets it against a tried row:
    /// those of a hypertable that tell rows apart include the time, and it has one that no tried row has.
    /// </summary>
    private const string OpenChunks =
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
                    {Known};
                EXCEPTION WHEN {Refusal} THEN
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
            FOR low IN first .. behind - 1 BY {RowsTogether} LOOP
                BEGIN
                    {Insert} SELECT {MarketTicksTable.Columns} FROM tried_rows WHERE number >= low
                        AND number < low + {RowsTogether} {Known};
                    CONTINUE;
                EXCEPTION WHEN {Refusal} THEN
                    NULL;
                END;
                FOR tried IN SELECT * FROM tried_rows WHERE number >= low AND number < low + {RowsTogether} ORDER BY number LOOP
                    BEGIN
                        {Insert} SELECT {MarketTicksTable.Columns} FROM (SELECT (tried).*) AS row {Known};
                    EXCEPTION WHEN {Refusal} THEN
                        GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, named = TABLE_NAME;
                        refused := tried.number;
                        RETURN NEXT;
                    END;
                END LOOP;
            END LOOP;
        END $$
        """;

    private readonly int[] _starts = CopyRows.StartsOf(rows.Span, count);

    /// <summary>Makes what the others need; it goes with the transaction.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await RowCopy.ExecuteAsync(connection, Create, cancellationToken);
        await RowCopy.ExecuteAsync(connection, CreateFunction, cancellationToken);
    }

    /// <summary>Sends rows to the server.</summary>
    /// <exception cref="PostgresException">Among others: one of them has a value that its column's type does not take.</exception>
    public Task SendAsync(int first, int end, CancellationToken cancellationToken) =>
        RowCopy.CopyAsync(connection, Copy, Numbered(first, end), cancellationToken);

    public async IAsyncEnumerable<RowRefusal> TryAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await RowCopy.ExecuteAsync(connection, OpenChunks, cancellationToken);
        await using var command = new NpgsqlCommand("SELECT refused, state, message, named FROM pg_temp.refused_rows($1, $2)", connection);
        var (first, behind) = (new NpgsqlParameter<int>(), new NpgsqlParameter<int>());
        command.Parameters.Add(first);
        command.Parameters.Add(behind);
        for (var next = 0; next < count; next += RowsPerCall)
        {
            (first.TypedValue, behind.TypedValue) = (next, next + RowsPerCall);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                yield return RowRefusal.Of(reader.GetInt32(0), reader.GetString(1), reader.GetString(2), reader.GetString(3));
            }
        }
    }

    /// <summary>The rows, each with its number as one more column; each is to be used before the next is asked for.</summary>
    private IEnumerable<ReadOnlyMemory<byte>> Numbered(int first, int end)
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
