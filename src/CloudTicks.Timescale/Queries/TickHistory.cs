using CloudTicks.Ticks;
using CloudTicks.Timescale.Roles;
using Npgsql;

namespace CloudTicks.Timescale.Queries;

/// <summary>Reads the ticks of a symbol from <c>market_ticks</c> page by page.</summary>
public sealed class TickHistory(ReadingDatabase database)
{
    /// <summary>The sort order of a symbol's ticks: by time, and within a millisecond by the feed's sequence number.</summary>
    private const string Order = "timestamp_ms, coalesce(sequence, 0), tick_hash";

    private const string Backwards = "timestamp_ms DESC, coalesce(sequence, 0) DESC, tick_hash DESC";

    /// <summary>Opens a page: a snapshot, unaffected by concurrent writes.</summary>
    /// <returns>The page; dispose it to close the query.</returns>
    /// <exception cref="NpgsqlException">The database does not answer in time.</exception>
    public async Task<TickPage> OpenAsync(TickRange range, CancellationToken cancellationToken)
    {
        var connection = await database.OpenAsync(cancellationToken);
        try
        {
            await using var command = CreateCommand(range, connection);
            return await TickPage.OpenAsync(
                connection, await command.ExecuteReaderAsync(cancellationToken), range.Limit, cancellationToken);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Creates the query. Each row also has the page's count and last cursor. Because the rows are in index order, the limit ends the scan.
    /// </summary>
    private static NpgsqlCommand CreateCommand(TickRange range, NpgsqlConnection connection)
    {
        var command = new NpgsqlCommand { Connection = connection };
        var where = $"symbol = {Add(range.Symbol)} AND timestamp_ms >= {Add(Earliest(range))} AND timestamp_ms < {Add(range.ToMs)}";
        if (range.Kind is { } kind)
        {
            where += $" AND kind = {Add(kind.Name())}::tick_kind";
        }

        if (range.WithoutCrossed)
        {
            where += $" AND {MarketTickRows.NotCrossedCondition}";
        }

        if (range.After is { } after)
        {
            where += $" AND ({Order}) > ({Add(after.TimestampMs)}, {Add(after.Sequence)}, {Add((long)after.Identity)})";
        }

        command.CommandText =
            $"""
            SELECT {MarketTickRows.Columns}, count(*) OVER (), last_value(timestamp_ms) OVER whole,
                last_value(coalesce(sequence, 0)) OVER whole,
                last_value(tick_hash) OVER whole
            FROM (SELECT * FROM market_ticks WHERE {where} ORDER BY {(range.IsLatest ? Backwards : Order)} LIMIT {Add(range.Limit)}) page
            WINDOW whole AS (ORDER BY {Order} ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
            ORDER BY {Order}
            """;
        return command;

        string Add<T>(T value)
        {
            command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
            return $"${command.Parameters.Count}";
        }
    }

    private static long Earliest(TickRange range) =>
        Math.Max(range.BeginMs, Math.Max(range.FromMs ?? long.MinValue, range.After?.TimestampMs ?? long.MinValue));
}
