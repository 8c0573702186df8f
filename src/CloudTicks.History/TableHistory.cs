using CloudTicks.Ticks;
using CloudTicks.Timescale.Queries;

namespace CloudTicks.History;

/// <summary>The table's history.</summary>
internal sealed class TableHistory(TickHistory ticks, CandleHistory candles, TableStart beginning) : ITickHistory
{
    public async Task<HistoryPage> OpenAsync(Symbol symbol, TickRange range, CancellationToken cancellationToken) =>
        new([], await ticks.OpenAsync(range, cancellationToken), range.Limit);

    /// <summary>The page itself, to be joined with older ticks.</summary>
    public Task<TickPage> OpenAsync(TickRange range, CancellationToken cancellationToken) => ticks.OpenAsync(range, cancellationToken);

    public Task<IReadOnlyList<Candle>> SumAsync(CandleRange range, CancellationToken cancellationToken) => candles.ReadAsync(
        range.Symbol.Name, range.Price, range.LengthMs, range.FromMs, range.ToMs, range.WithoutCrossed, cancellationToken);

    public Task<long?> BeginsAsync(long? neededMs, CancellationToken cancellationToken) => beginning.ReadAsync(cancellationToken);
}
