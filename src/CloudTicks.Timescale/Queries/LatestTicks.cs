using CloudTicks.Ticks;
using CloudTicks.Timescale.Roles;
using Npgsql;

namespace CloudTicks.Timescale.Queries;

/// <summary>Finds the latest tick of each symbol: among the newest rows, or at the last time known to <see cref="SymbolCounts"/>.</summary>
public sealed class LatestTicks(ReadingDatabase database, SymbolCounts counts, TimeProvider time) : IDisposable
{
    /// <summary>The number of newest rows to search.</summary>
    private const int NewestRows = 10_000;

    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(4);

    private static readonly string SelectNewest =
        $"""
        SELECT DISTINCT ON (symbol) {MarketTickRows.Columns}
            FROM (SELECT * FROM market_ticks ORDER BY timestamp_ms DESC LIMIT {NewestRows}) newest
        WHERE kind = $1::tick_kind ORDER BY {KnownTicks.LatestFirst}
        """;

    private readonly SemaphoreSlim _gate = new(1);
    private readonly Dictionary<TickKind, CachedResult> _cachedResults = [];

    /// <summary>Reads the latest tick of a kind for each symbol that has one.</summary>
    /// <returns>
    /// The ticks, sorted by symbol. The result may be cached for a few seconds; for a symbol that is not among the newest 10,000 ticks, it
    /// may be as old as the snapshot of the symbols.
    /// </returns>
    /// <exception cref="CountingException">The table is being counted; repeat the request.</exception>
    /// <exception cref="NpgsqlException">The database does not answer in time.</exception>
    public async Task<IReadOnlyList<MarketTick>> ReadAsync(TickKind kind, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (!_cachedResults.TryGetValue(kind, out var cached) || time.GetElapsedTime(cached.ReadAt) >= cached.CacheTime)
            {
                var startedAt = time.GetTimestamp();
                var ticks = await QueryAsync(kind, cached?.Ticks ?? [], cancellationToken);
                cached = new CachedResult(
                    ticks, [.. ticks.Values.OrderBy(tick => tick.Symbol, StringComparer.Ordinal)], time.GetTimestamp(),
                    CacheTime(time.GetElapsedTime(startedAt)));
                _cachedResults[kind] = cached;
            }

            return cached.Latest;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Reads the latest tick of one symbol.</summary>
    /// <param name="symbol">The symbol's name, normalised.</param>
    /// <returns>The tick; null if there is none.</returns>
    /// <exception cref="CountingException">The table is being counted; repeat the request.</exception>
    /// <exception cref="NpgsqlException">The database does not answer in time.</exception>
    public async Task<MarketTick?> ReadAsync(string symbol, TickKind kind, CancellationToken cancellationToken)
    {
        // Search the newest ticks first, which finds frequent symbols quickly.
        await using (var command = database.CreateCommand(
            $"""
            SELECT {MarketTickRows.Columns} FROM market_ticks WHERE symbol = $1 AND kind = $2::tick_kind
                AND timestamp_ms >= (SELECT min(timestamp_ms)
                    FROM (SELECT timestamp_ms FROM market_ticks ORDER BY timestamp_ms DESC LIMIT {NewestRows}) newest)
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

        var snapshot = await counts.ReadAsync(cancellationToken);
        return snapshot.Series.TryGetValue(new TickSeries(symbol, kind.Name()), out var known)
            ? (await KnownTicks.ReadAsync(database, kind, [(symbol, known.LastMs)], KnownTicks.LatestFirst, cancellationToken))
                .SingleOrDefault()
            : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    /// <summary>Returns how long a result is cached: four times as long as its query took, but at most <see cref="MaxAge"/>.</summary>
    private static TimeSpan CacheTime(TimeSpan took) => 4 * took < MaxAge ? 4 * took : MaxAge;

    private async Task<Dictionary<string, MarketTick>> QueryAsync(
        TickKind kind, Dictionary<string, MarketTick> before, CancellationToken cancellationToken)
    {
        var snapshot = await counts.ReadAsync(cancellationToken);
        await using var command = database.CreateCommand(SelectNewest);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = kind.Name() });
        var ticks = (await MarketTickRows.ReadAsync(command, cancellationToken)).ToDictionary(tick => tick.Symbol);
        var missing = new List<(string Symbol, long Ms)>();
        foreach (var ((symbol, _), tally) in snapshot.Series.Where(
            series => series.Key.Kind == kind.Name() && !ticks.ContainsKey(series.Key.Symbol)))
        {
            if (before.TryGetValue(symbol, out var known) && known.TimestampMs >= tally.LastMs)
            {
                ticks[symbol] = known;
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

    private sealed record CachedResult(
        Dictionary<string, MarketTick> Ticks, IReadOnlyList<MarketTick> Latest, long ReadAt, TimeSpan CacheTime);
}
