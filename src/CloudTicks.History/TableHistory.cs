using CloudTicks.Ticks;
using CloudTicks.Timescale.Queries;

namespace CloudTicks.History;

/// <summary>The history from the table alone.</summary>
internal sealed class TableHistory(TickHistory ticks, CandleHistory candles, TableStart tableStart) : ITickHistory
{
    public async Task<HistoryPage> OpenAsync(Symbol symbol, TickRange range, CancellationToken cancellationToken) =>
        new([], await ticks.OpenAsync(range, cancellationToken), range.Limit);

    /// <summary>Opens a page of the table's ticks, which the caller joins with older ticks of the lake.</summary>
    public Task<TickPage> OpenAsync(TickRange range, CancellationToken cancellationToken) => ticks.OpenAsync(range, cancellationToken);

    public Task<IReadOnlyList<Candle>> ReadCandlesAsync(CandleRange range, CancellationToken cancellationToken) => candles.ReadAsync(
        range.Symbol.Name, range.Price, range.LengthMs, range.FromMs, range.ToMs, range.WithoutCrossed, cancellationToken);

    public Task<long?> ReadStartAsync(long? neededMs, CancellationToken cancellationToken) => tableStart.ReadAsync(cancellationToken);
}
