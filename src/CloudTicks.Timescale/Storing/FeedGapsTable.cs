using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;
using Npgsql;
using NpgsqlTypes;

namespace CloudTicks.Timescale.Storing;

/// <summary>Writes <c>feed_gaps</c>. The newest state of a gap wins, whatever the order of arrival.</summary>
internal static class FeedGapsTable
{
    // The rows are ordered by id, so that two transactions with the same gaps do not deadlock.
    private const string Upsert =
        """
        INSERT INTO feed_gaps AS known
            (id, market, symbol, kind, from_ms, to_ms, cause, found_by, state, recovered, detail, changed_ms, missing, restored, loss)
        SELECT id, market::market, symbol, kind::tick_kind, from_ms, to_ms, cause, found_by, state::gap_state, recovered, detail,
            changed_ms,
            missing, restored, loss
        FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::text[], $8::text[], $9::text[],
            $10::bigint[],
            $11::text[], $12::bigint[], $13::bigint[], $14::bigint[], $15::uuid[])
            AS gap (id, market, symbol, kind, from_ms, to_ms, cause, found_by, state, recovered, detail, changed_ms, missing, restored,
                loss)
        ORDER BY id
        ON CONFLICT (id) DO UPDATE SET (from_ms, to_ms, cause, found_by, state, recovered, detail, changed_ms, missing, restored, loss) =
            (EXCLUDED.from_ms, EXCLUDED.to_ms, EXCLUDED.cause, EXCLUDED.found_by, EXCLUDED.state, EXCLUDED.recovered, EXCLUDED.detail,
            EXCLUDED.changed_ms, EXCLUDED.missing, EXCLUDED.restored, EXCLUDED.loss)
        WHERE known.changed_ms < EXCLUDED.changed_ms
        """;

    /// <summary>Writes the gaps in the connection's current transaction.</summary>
    public static async Task WriteAsync(NpgsqlConnection connection, IEnumerable<FeedGap> states, CancellationToken cancellationToken)
    {
        // An upsert may affect a row only once.
        FeedGap[] gaps = [.. states.GroupBy(gap => gap.Id).Select(gap => gap.MaxBy(state => state.ChangedMs)!)];
        if (gaps.Length == 0)
        {
            return;
        }

        await using var command = new NpgsqlCommand(Upsert, connection);
        Add(command, NpgsqlDbType.Uuid, gaps, gap => gap.Id);
        Add(command, NpgsqlDbType.Text, gaps, gap => gap.Symbol.Market.Name());
        Add(command, NpgsqlDbType.Text, gaps, gap => gap.Symbol.Name);
        Add(command, NpgsqlDbType.Text, gaps, gap => gap.Kind.Name());
        Add(command, NpgsqlDbType.Bigint, gaps, gap => gap.FromMs);
        Add(command, NpgsqlDbType.Bigint, gaps, gap => gap.ToMs);
        Add(command, NpgsqlDbType.Text, gaps, gap => gap.Cause);
        Add(command, NpgsqlDbType.Text, gaps, gap => gap.FoundBy);
        Add(command, NpgsqlDbType.Text, gaps, gap => gap.State.Name());
        Add(command, NpgsqlDbType.Bigint, gaps, gap => gap.Recovered);
        Add(command, NpgsqlDbType.Text, gaps, gap => gap.Detail);
        Add(command, NpgsqlDbType.Bigint, gaps, gap => gap.ChangedMs);
        Add(command, NpgsqlDbType.Bigint, gaps, gap => gap.Missing);
        Add(command, NpgsqlDbType.Bigint, gaps, gap => gap.Restored);
        Add(command, NpgsqlDbType.Uuid, gaps, gap => gap.Loss);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static void Add<T>(NpgsqlCommand command, NpgsqlDbType type, FeedGap[] gaps, Func<FeedGap, T> column) =>
        command.Parameters.Add(new NpgsqlParameter
        {
            Value = Array.ConvertAll(gaps, gap => column(gap)),
            NpgsqlDbType = NpgsqlDbType.Array | type,
        });
}
