using CloudTicks.Ticks;
using CloudTicks.Timescale.Queries;

namespace CloudTicks.History;

/// <summary>The history that the table has.</summary>
internal sealed class TableHistory(TickHistory ticks, CandleHistory candles, TableBeginning beginning) : ITickHistory
{
    public async Task<HistoryPage> OpenAsync(Symbol symbol, TickRange range, CancellationToken cancellationToken) =>
        new([], await ticks.OpenAsync(range, cancellationToken), range.Limit);

    /// <summary>The page itself, for one that has older ticks too.</summary>
    public Task<TickPage> OpenAsync(TickRange range, CancellationToken cancellationToken) => ticks.OpenAsync(range, cancellationToken);

    public Task<IReadOnlyList<Candle>> SumAsync(CandleRange range, CancellationToken cancellationToken) => candles.ReadAsync(
        range.Symbol.Name, range.Price, range.LengthMs, range.FromMs, range.ToMs, range.WithoutCrossed, cancellationToken);

    public Task<long?> BeginsAsync(long? neededMs, CancellationToken cancellationToken) => beginning.ReadAsync(cancellationToken);
}
