using CloudTicks.Ticks;
using CloudTicks.Timescale.Roles;
using Npgsql;

namespace CloudTicks.Timescale.Queries;

/// <summary>Reads the ticks of one symbol and kind in the order of their <see cref="TickPosition"/>, forward or backward.</summary>
public sealed class OrderedTicks(ReadingDatabase database)
{
    private const string Forward = "timestamp_ms, coalesce(sequence, 0), received_ms, tick_hash";

    private const string Backward = "timestamp_ms DESC, coalesce(sequence, 0) DESC, received_ms DESC, tick_hash DESC";

    /// <summary>Reads the first ticks of a range, or the last ticks when reading backward.</summary>
    /// <param name="symbol">The symbol's name, normalised.</param>
    /// <param name="fromMs">Start of the range, Unix ms, UTC.</param>
    /// <param name="toMs">End of the range, exclusive, Unix ms, UTC.</param>
    /// <param name="isBackward">Whether to read the latest ticks, latest first.</param>
    /// <param name="after">Only ticks after this position, in the direction of reading; null for all.</param>
    /// <param name="limit">Maximum number of ticks, at least 1.</param>
    /// <returns>The ticks in the order of reading, from one snapshot.</returns>
    /// <exception cref="NpgsqlException">The database does not answer in time.</exception>
    public async Task<IReadOnlyList<MarketTick>> ReadAsync(
        string symbol, TickKind kind, long fromMs, long toMs, bool isBackward, TickPosition? after, int limit,
        CancellationToken cancellationToken)
    {
        // The position's time narrows the index scan; the query then compares the whole position.
        if (after is { } bound)
        {
            (fromMs, toMs) = isBackward
                ? (fromMs, Math.Min(toMs, bound.TimestampMs + 1))
                : (Math.Max(fromMs, bound.TimestampMs), toMs);
        }

        await using var command = database.CreateCommand(
            $"""
            SELECT {MarketTickRows.Columns} FROM market_ticks
            WHERE symbol = $1 AND kind = $2::tick_kind AND timestamp_ms >= $3 AND timestamp_ms < $4
                {(after is null ? "" : $"AND ({Forward}) {(isBackward ? '<' : '>')} ($6, $7, $8, $9)")}
            ORDER BY {(isBackward ? Backward : Forward)} LIMIT $5
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = symbol });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = kind.Name() });
        foreach (var number in (long[])
            [fromMs, toMs, limit, .. after is { } start ? [start.TimestampMs, start.Sequence, start.ReceivedMs, (long)start.Identity]
                : Array.Empty<long>()])
        {
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = number });
        }

        return await MarketTickRows.ReadAsync(command, cancellationToken);
    }
}
