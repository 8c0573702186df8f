using CloudTicks.Ticks;
using CloudTicks.Timescale.Roles;
using Npgsql;

namespace CloudTicks.Timescale.Queries;

/// <summary>The latest tick of each symbol: from the newest rows, else where <see cref="SymbolCounts"/> saw it last.</summary>
public sealed class LatestTicks(ReadingDatabase database, SymbolCounts counts, TimeProvider time) : IDisposable
{
    /// <summary>The newest ticks that are looked through.</summary>
    private const int Newest = 10_000;

    private static readonly TimeSpan Oldest = TimeSpan.FromSeconds(4);

    private static readonly string SelectNewest =
        $"""
        SELECT DISTINCT ON (symbol) {MarketTickRows.Columns}
            FROM (SELECT * FROM market_ticks ORDER BY timestamp_ms DESC LIMIT {Newest}) newest
        WHERE kind = $1::tick_kind ORDER BY {KnownTicks.LatestFirst}
        """;

    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<TickKind, Board> _boards = [];

    /// <summary>The latest tick of each symbol that has one of this kind.</summary>
    /// <returns> The ticks by symbol, as of now or of a moment ago. That of a symbol that is not among the newest 10,000 ticks may be as
    /// old as the picture of the symbols. </returns>
    /// <exception cref="CountingException">The table is being counted: ask again.</exception>
    /// <exception cref="NpgsqlException">The database does not answer, or not in time.</exception>
    public async Task<IReadOnlyList<MarketTick>> ReadAsync(TickKind kind, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (!_boards.TryGetValue(kind, out var board) || time.GetElapsedTime(board.ReadAt) >= board.Keep)
            {
                var began = time.GetTimestamp();
                var ticks = await LookAsync(kind, board?.Ticks ?? [], cancellationToken);
                board = new Board(
                    ticks, [.. ticks.Values.OrderBy(tick => tick.Symbol, StringComparer.Ordinal)], time.GetTimestamp(),
                    Keep(time.GetElapsedTime(began)));
                _boards[kind] = board;
            }

            return board.Answer;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The latest tick of one symbol.</summary>
    /// <param name="symbol">The symbol's name, normalised.</param>
    /// <returns>The tick; null when the table has none.</returns>
    /// <exception cref="CountingException">The table is being counted: ask again.</exception>
    /// <exception cref="NpgsqlException">The database does not answer, or not in time.</exception>
    public async Task<MarketTick?> ReadAsync(string symbol, TickKind kind, CancellationToken cancellationToken)
    {
        // Backwards from the newest, a little way: a symbol that ticks often is found at once.
        await using (var command = database.CreateCommand(
            $"""
            SELECT {MarketTickRows.Columns} FROM market_ticks WHERE symbol = $1 AND kind = $2::tick_kind
                AND timestamp_ms >= (SELECT min(timestamp_ms)
                    FROM (SELECT timestamp_ms FROM market_ticks ORDER BY timestamp_ms DESC LIMIT {Newest}) newest)
            ORDER BY timestamp_ms DESC, coalesce(sequence, 0) DESC, tick_hash DESC LIMIT 1
            """))
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = symbol });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = kind.Name() });
            if (await MarketTickRows.ReadAsync(command, cancellationToken) is [var tick])
            {
                return tick;
            }
        }

        var picture = await counts.ReadAsync(cancellationToken);
        return picture.Series.TryGetValue(new TickSeries(symbol, kind.Name()), out var known)
            ? (await KnownTicks.ReadAsync(database, kind, [(symbol, known.LastMs)], KnownTicks.LatestFirst, cancellationToken))
                .SingleOrDefault()
            : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    /// <summary>How long an answer holds, so that querying takes a fifth of one connection at most.</summary>
    private static TimeSpan Keep(TimeSpan took) => 4 * took < Oldest ? 4 * took : Oldest;

    private async Task<Dictionary<string, MarketTick>> LookAsync(
        TickKind kind, Dictionary<string, MarketTick> before, CancellationToken cancellationToken)
    {
        var picture = await counts.ReadAsync(cancellationToken);
        await using var command = database.CreateCommand(SelectNewest);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = kind.Name() });
        var ticks = (await MarketTickRows.ReadAsync(command, cancellationToken)).ToDictionary(tick => tick.Symbol);
        var missing = new List<(string Symbol, long Ms)>();
        foreach (var ((symbol, _), tally) in picture.Series.Where(
            series => series.Key.Kind == kind.Name() && !ticks.ContainsKey(series.Key.Symbol)))
        {
            if (before.TryGetValue(symbol, out var held) && held.TimestampMs >= tally.LastMs)
            {
                ticks[symbol] = held;
            }
            else
            {
                missing.Add((symbol, tally.LastMs));
            }
        }

        foreach (var tick in await KnownTicks.ReadAsync(database, kind, missing, KnownTicks.LatestFirst, cancellationToken))
        {
            ticks[tick.Symbol] = tick;
        }

        return ticks;
    }

    private sealed record Board(Dictionary<string, MarketTick> Ticks, IReadOnlyList<MarketTick> Answer, long ReadAt, TimeSpan Keep);
}
