using CloudTicks.Ticks;
using CloudTicks.Timescale.Queries;

namespace CloudTicks.History;

/// <summary>Ticks and candles of one symbol in time order, from the table, the lake, or both.</summary>
public interface ITickHistory
{
    /// <summary>Opens a page of the ticks in a range.</summary>
    /// <param name="symbol">The symbol of the ticks.</param>
    /// <returns>The page; dispose of it to stop reading.</returns>
    /// <exception cref="Npgsql.NpgsqlException">The database does not answer, or not in time.</exception>
    /// <exception cref="Lake.Reading.LakeUnavailableException">
    /// The lake is needed, but does not answer; or retention dropped ticks during each attempt to read.
    /// </exception>
    public Task<HistoryPage> OpenAsync(Symbol symbol, TickRange range, CancellationToken cancellationToken);

    /// <summary>Aggregates ticks into candles.</summary>
    /// <exception cref="Npgsql.NpgsqlException">The database does not answer, or not in time.</exception>
    /// <exception cref="Lake.Reading.LakeUnavailableException">
    /// The lake is needed, but does not answer; or retention dropped ticks during each attempt to read.
    /// </exception>
    public Task<IReadOnlyList<Candle>> ReadCandlesAsync(CandleRange range, CancellationToken cancellationToken);

    /// <summary>Finds the start of the first hour with ticks.</summary>
    /// <param name="neededMs">
    /// The time since which the caller needs ticks, Unix ms, UTC. If ticks begin earlier, the result may be any time between the first hour
    /// and this time. Null to always find the first hour.
    /// </param>
    /// <returns>Unix ms, UTC; null if there are no ticks.</returns>
    /// <exception cref="Npgsql.NpgsqlException">The database does not answer.</exception>
    /// <exception cref="Lake.Reading.LakeUnavailableException">The lake is needed, but does not answer.</exception>
    public Task<long?> ReadStartAsync(long? neededMs, CancellationToken cancellationToken);
}
