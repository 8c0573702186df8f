using CloudTicks.Ticks;
using CloudTicks.Timescale.Roles;
using Npgsql;

namespace CloudTicks.Timescale.Queries;

/// <summary>Reads the ticks of one symbol and kind in the order of their <see cref="TickPlace"/>, forward or backward.</summary>
public sealed class PlacedTicks(ReadingDatabase database)
{
    private const string Place = "timestamp_ms, coalesce(sequence, 0), received_ms, tick_hash";

    private const string Backward = "timestamp_ms DESC, coalesce(sequence, 0) DESC, received_ms DESC, tick_hash DESC";

    /// <summary>Reads the first ticks of a range, or the last ones when it is read backward.</summary>
    /// <param name="symbol">The symbol's name, normalised.</param>
    /// <param name="fromMs">First time, Unix ms, UTC.</param>
    /// <param name="toMs">The time behind the last, Unix ms, UTC.</param>
    /// <param name="isBackward">Whether the latest ticks are read, latest first.</param>
    /// <param name="after">Only ticks behind this place, in the direction of the reading.</param>
    /// <param name="limit">Most ticks, at least 1.</param>
    /// <returns>The ticks in the order of the reading, as of one moment.</returns>
    /// <exception cref="NpgsqlException">The database does not answer, or not in time.</exception>
    public async Task<IReadOnlyList<MarketTick>> ReadAsync(
        string symbol, TickKind kind, long fromMs, long toMs, bool isBackward, TickPlace? after, int limit,
        CancellationToken cancellationToken)
    {
        // The time alone bounds the part of the index that is read; the whole place comes on top.
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
                {(after is null ? "" : $"AND ({Place}) {(isBackward ? '<' : '>')} ($6, $7, $8, $9)")}
            ORDER BY {(isBackward ? Backward : Place)} LIMIT $5
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = symbol });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = kind.Name() });
        foreach (var number in (long[])
            [fromMs, toMs, limit, .. after is { } place ? [place.TimestampMs, place.Sequence, place.ReceivedMs, (long)place.Identity]
                : Array.Empty<long>()])
        {
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = number });
        }

        return await MarketTickRows.ReadAsync(command, cancellationToken);
    }
}
