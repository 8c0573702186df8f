using CloudTicks.Ticks;
using CloudTicks.Timescale.Roles;
using Npgsql;

namespace CloudTicks.Timescale.Queries;

/// <summary>Finds the first tick of each symbol in today's session (<see cref="TradingDay"/>) through <see cref="SymbolCounts"/>.</summary>
public sealed class OpeningTicks(ReadingDatabase database, SymbolCounts counts) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private readonly Dictionary<TickKind, OpeningSnapshot> _snapshots = [];

    /// <summary>Reads the first tick of a kind in today's session for each symbol that has one.</summary>
    /// <exception cref="CountingException">The table is being counted; repeat the request.</exception>
    /// <exception cref="NpgsqlException">The database does not answer in time.</exception>
    public async Task<OpeningSnapshot> ReadAsync(TickKind kind, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var symbols = await counts.ReadAsync(cancellationToken);
            var before = _snapshots.GetValueOrDefault(kind);
            if (before?.ReadMs == symbols.ReadMs)
            {
                return before;
            }

            var ticks = await QueryAsync(kind, symbols, before?.Ticks ?? [], cancellationToken);
            return _snapshots[kind] = new OpeningSnapshot(symbols.ReadMs, ticks);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private async Task<IReadOnlyList<MarketTick>> QueryAsync(
        TickKind kind, SymbolSnapshot symbols, IReadOnlyList<MarketTick> before, CancellationToken cancellationToken)
    {
        var known = before.ToDictionary(tick => tick.Symbol);
        var (ticks, missing) = (new List<MarketTick>(known.Count), new List<(string Symbol, long Ms)>());
        foreach (var ((symbol, _), tally) in symbols.Today.Where(series => series.Key.Kind == kind.Name()))
        {
            if (known.TryGetValue(symbol, out var tick) && tick.TimestampMs == tally.FirstMs)
            {
                ticks.Add(tick);
            }
            else
            {
                missing.Add((symbol, tally.FirstMs));
            }
        }

        ticks.AddRange(await KnownTicks.ReadAsync(database, kind, missing, KnownTicks.EarliestFirst, cancellationToken));
        ticks.Sort((left, right) => string.CompareOrdinal(left.Symbol, right.Symbol));
        return ticks;
    }
}

/// <summary>The first ticks of a session.</summary>
/// <param name="ReadMs">When the symbols were counted, Unix ms, UTC; it determines the session.</param>
public sealed record OpeningSnapshot(long ReadMs, IReadOnlyList<MarketTick> Ticks);
