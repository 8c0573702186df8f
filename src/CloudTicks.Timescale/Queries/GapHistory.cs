using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;
using CloudTicks.Timescale.Roles;
using Npgsql;

namespace CloudTicks.Timescale.Queries;

/// <summary>Reads <c>feed_gaps</c>. Each query is limited in rows and time.</summary>
public sealed class GapHistory(ReadingDatabase database)
{
    private const string Select =
        """
        SELECT id, market::text, symbol, kind::text, from_ms, to_ms, cause, found_by, state::text, recovered, detail, changed_ms, missing,
            restored,
            loss FROM feed_gaps
        WHERE ($1::text IS NULL OR (symbol = $1 AND market = $2::market)) AND ($3::text IS NULL OR state = $3::gap_state)
            AND ($4::bigint IS NULL OR to_ms IS NULL OR to_ms >= $4) AND ($5::bigint IS NULL OR from_ms < $5)
        ORDER BY from_ms DESC, id DESC LIMIT $6
        """;

    /// <summary>Reads gaps in order of their beginning. If there are more gaps than the limit, only the newest are read.</summary>
    /// <param name="symbol">The symbol; null for all.</param>
    /// <param name="state">The state; null for all.</param>
    /// <param name="fromMs">Only gaps that end at or after this time (Unix ms, UTC), or have no end yet; null for all.</param>
    /// <param name="toMs">Only gaps that begin before this time, Unix ms, UTC; null for all.</param>
    /// <param name="limit">Maximum number of gaps, at least 1.</param>
    /// <exception cref="NpgsqlException">The database does not answer in time.</exception>
    /// <exception cref="InvalidOperationException">A row was not written by this program.</exception>
    public async Task<IReadOnlyList<FeedGap>> ReadAsync(
        Symbol? symbol, GapState? state, long? fromMs, long? toMs, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Select);
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = symbol?.Name });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = symbol?.Market.Name() });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = state?.Name() });
        command.Parameters.Add(new NpgsqlParameter<long?> { TypedValue = fromMs });
        command.Parameters.Add(new NpgsqlParameter<long?> { TypedValue = toMs });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var gaps = new List<FeedGap>();
        while (await reader.ReadAsync(cancellationToken))
        {
            gaps.Add(ReadGap(reader));
        }

        gaps.Reverse();
        return gaps;
    }

    private static FeedGap ReadGap(NpgsqlDataReader row) =>
        TickNames.TryParse(row.GetString(1), out Market market) && Symbol.TryParseStored(market, row.GetString(2), out var symbol)
            && TickNames.TryParse(row.GetString(3), out TickKind kind) && TickNames.TryParse(row.GetString(8), out GapState state)
            ? new FeedGap(
                row.GetGuid(0), symbol, kind, row.GetInt64(4), row.GetFieldValue<long?>(5), row.GetString(6), row.GetString(7), state,
                row.GetInt64(9),
                row.IsDBNull(10) ? null
                    : row.GetString(10), row.GetInt64(11), row.GetInt64(12), row.GetInt64(13), row.GetFieldValue<Guid?>(14))
            : throw new InvalidOperationException($"The row of gap {row.GetGuid(0)} in feed_gaps was not written by this program.");
}
