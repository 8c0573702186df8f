using CloudTicks.Ticks;
using CloudTicks.Timescale.Roles;
using Npgsql;

namespace CloudTicks.Timescale.Queries;

/// <summary>The first tick of each symbol in today's session (<see cref="TradingDay"/>), found by counting and read once.</summary>
public sealed class OpeningTicks(ReadingDatabase database, SymbolCounts counts) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<TickKind, OpeningPicture> _pictures = [];

    /// <summary>The first tick of each symbol that has one of this kind today.</summary>
    /// <exception cref="CountingException">The table is being counted: ask again.</exception>
    /// <exception cref="NpgsqlException">The database does not answer, or not in time.</exception>
    public async Task<OpeningPicture> ReadAsync(TickKind kind, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var symbols = await counts.ReadAsync(cancellationToken);
            var before = _pictures.GetValueOrDefault(kind);
            if (before?.ReadMs == symbols.ReadMs)
            {
                return before;
            }

            var ticks = await LookAsync(kind, symbols, before?.Ticks ?? [], cancellationToken);
            return _pictures[kind] = new OpeningPicture(symbols.ReadMs, ticks);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task<IReadOnlyList<MarketTick>> LookAsync(
        TickKind kind, SymbolPicture symbols, IReadOnlyList<MarketTick> before, CancellationToken cancellationToken)
    {
        var held = before.ToDictionary(tick => tick.Symbol);
        var (ticks, missing) = (new List<MarketTick>(held.Count), new List<(string Symbol, long Ms)>());
        foreach (var ((symbol, _), tally) in symbols.Today.Where(series => series.Key.Kind == kind.Name()))
        {
            if (held.TryGetValue(symbol, out var tick) && tick.TimestampMs == tally.FirstMs)
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
/// <param name="ReadMs">When the symbols were counted, Unix ms, UTC; the session is that of then.</param>
public sealed record OpeningPicture(long ReadMs, IReadOnlyList<MarketTick> Ticks);
