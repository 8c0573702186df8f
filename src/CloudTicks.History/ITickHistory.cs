using CloudTicks.Ticks;
using CloudTicks.Timescale.Queries;

namespace CloudTicks.History;

/// <summary>Ticks and candles of one symbol by time: of the table, of the lake, or of both.</summary>
public interface ITickHistory
{
    /// <summary>Opens a page of ticks.</summary>
    /// <param name="symbol">The symbol that the range names.</param>
    /// <returns>The page; disposing of it ends the reading.</returns>
    /// <exception cref="Npgsql.NpgsqlException">The database does not answer, or not in time.</exception>
    /// <exception cref="Lake.Reading.LakeUnavailableException">The lake is needed and does not answer.</exception>
    public Task<HistoryPage> OpenAsync(Symbol symbol, TickRange range, CancellationToken cancellationToken);

    /// <summary>Aggregates ticks to candles, by time.</summary>
    /// <exception cref="Npgsql.NpgsqlException">The database does not answer, or not in time.</exception>
    /// <exception cref="Lake.Reading.LakeUnavailableException">The lake is needed and does not answer.</exception>
    public Task<IReadOnlyList<Candle>> SumAsync(CandleRange range, CancellationToken cancellationToken);

    /// <summary>The earliest time with ticks.</summary>
    /// <param name="neededMs">Unix ms, UTC: an earlier beginning need not be determined exactly; null for any time.</param>
    /// <returns>Unix ms, UTC; null when it is empty.</returns>
    /// <exception cref="Npgsql.NpgsqlException">The database does not answer.</exception>
    /// <exception cref="Lake.Reading.LakeUnavailableException">The lake is needed and does not answer.</exception>
    public Task<long?> BeginsAsync(long? neededMs, CancellationToken cancellationToken);
}
