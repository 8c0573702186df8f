using CloudTicks.Ticks;
using CloudTicks.Timescale.Roles;
using Npgsql;
using NpgsqlTypes;

namespace CloudTicks.Timescale.Queries;

/// <summary>Reads ticks at known times for many symbols through the index.</summary>
internal static class KnownTicks
{
    /// <summary>The sort order that selects the last of several ticks in the same millisecond.</summary>
    public const string LatestFirst = "symbol, timestamp_ms DESC, coalesce(sequence, 0) DESC, tick_hash DESC";

    /// <summary>The sort order that selects the first of several ticks in the same millisecond.</summary>
    public const string EarliestFirst = "symbol, timestamp_ms, coalesce(sequence, 0), tick_hash";

    /// <summary>The usual length of a chunk: a query for one hour then reads one chunk.</summary>
    private const long MsPerHour = 3_600_000;

    /// <param name="order">
    /// Which of several ticks in a millisecond to read: <see cref="LatestFirst"/> or <see cref="EarliestFirst"/>.
    /// </param>
    /// <returns>The ticks, without those that retention has dropped in the meantime.</returns>
    public static async Task<List<MarketTick>> ReadAsync(
        ReadingDatabase database, TickKind kind, IReadOnlyCollection<(string Symbol, long Ms)> known, string order,
        CancellationToken cancellationToken)
    {
        var ticks = new List<MarketTick>(known.Count);
        foreach (var hour in known.GroupBy(tick => tick.Ms / MsPerHour))
        {
            await using var command = database.CreateCommand(
                $"""
                SELECT DISTINCT ON (symbol) {MarketTickRows.Columns} FROM market_ticks
                    JOIN unnest($2, $3) AS known (name, ms) ON symbol = name AND timestamp_ms = ms
                WHERE kind = $1::tick_kind AND timestamp_ms >= $4 AND timestamp_ms < $5 ORDER BY {order}
                """);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = kind.Name() });
            command.Parameters.Add(new NpgsqlParameter
            {
                Value = hour.Select(tick => tick.Symbol).ToArray(),
                NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
            });
            command.Parameters.Add(new NpgsqlParameter
            {
                Value = hour.Select(tick => tick.Ms).ToArray(),
                NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint,
            });
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = hour.Min(tick => tick.Ms) });
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = hour.Max(tick => tick.Ms) + 1 });
            ticks.AddRange(await MarketTickRows.ReadAsync(command, cancellationToken));
        }

        return ticks;
    }
}
