using CloudTicks.Lake.Reading;
using CloudTicks.Ticks;
using CloudTicks.Timescale.Queries;

namespace CloudTicks.History;

/// <summary>
/// The history of table and lake: ticks before the table's boundary from the lake, later ticks from the table, so that no tick is missing
/// or repeated. The lake is read only if a request starts before the boundary and the lake has every tick that the table lacks.
/// </summary>
internal sealed class JoinedHistory(
    TableHistory table, LakeHistory lake, LakeCoverage coverage, TableBoundary boundary) : ITickHistory
{
    private const int MaxAttempts = 3;

    public Task<HistoryPage> OpenAsync(Symbol symbol, TickRange range, CancellationToken cancellationToken) => coverage.IsConfigured
        ? ReadAsync(from => OpenAsync(symbol, range, from, cancellationToken), page => page.DisposeAsync(), cancellationToken)
        : table.OpenAsync(symbol, range, cancellationToken);

    public Task<IReadOnlyList<Candle>> ReadCandlesAsync(CandleRange range, CancellationToken cancellationToken) => coverage.IsConfigured
        ? ReadAsync(from => ReadCandlesAsync(range, from, cancellationToken), _ => ValueTask.CompletedTask, cancellationToken)
        : table.ReadCandlesAsync(range, cancellationToken);

    public async Task<long?> ReadStartAsync(long? neededMs, CancellationToken cancellationToken)
    {
        if (!coverage.IsConfigured)
        {
            return await table.ReadStartAsync(neededMs, cancellationToken);
        }

        var from = await boundary.ReadAsync(cancellationToken);
        if (neededMs >= from)
        {
            return from;
        }

        return await coverage.CoversAsync(from, cancellationToken) && await lake.ReadStartAsync(neededMs, cancellationToken) is { } first
            ? Math.Min(first, from) : await table.ReadStartAsync(neededMs, cancellationToken);
    }

    /// <summary>
    /// Reads with the current boundary. If retention drops a chunk after the boundary during the read, the read is repeated, at most twice.
    /// </summary>
    /// <exception cref="LakeUnavailableException">The lake does not answer, or chunks were dropped during each read.</exception>
    private async Task<T> ReadAsync<T>(Func<long, Task<T>> read, Func<T, ValueTask> discard, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            var from = await boundary.ReadAsync(cancellationToken);
            var result = await read(from);
            if (await boundary.HasAllAsync(from, cancellationToken))
            {
                return result;
            }

            await discard(result);
        }

        throw new LakeUnavailableException("The table's oldest ticks were dropped while they were being read: repeat the request.")
        {
            IsTransient = true,
        };
    }

    private async Task<HistoryPage> OpenAsync(Symbol symbol, TickRange range, long from, CancellationToken cancellationToken)
    {
        if (Math.Max(range.FromMs ?? long.MinValue, range.After?.TimestampMs ?? long.MinValue) >= from)
        {
            return await table.OpenAsync(symbol, range, cancellationToken);
        }

        return range.IsLatest
            ? await OpenLatestAsync(symbol, range, from, cancellationToken)
            : await OpenFirstAsync(symbol, range, from, cancellationToken);
    }

    private async Task<HistoryPage> OpenFirstAsync(Symbol symbol, TickRange range, long from, CancellationToken cancellationToken)
    {
        if (!await coverage.CoversAsync(from, cancellationToken))
        {
            return await table.OpenAsync(symbol, range, cancellationToken);
        }

        var older = await lake.ReadAsync(symbol, range with { ToMs = Math.Min(range.ToMs, from) }, cancellationToken);
        var isDone = older.Count == range.Limit || range.ToMs <= from;
        return new HistoryPage(
            older,
            isDone ? null : await table.OpenAsync(range with { BeginMs = from, Limit = range.Limit - older.Count }, cancellationToken),
            range.Limit);
    }

    private async Task<HistoryPage> OpenLatestAsync(Symbol symbol, TickRange range, long from, CancellationToken cancellationToken)
    {
        var newer = range.ToMs <= from ? null : await table.OpenAsync(range with { BeginMs = from }, cancellationToken);
        var isReturned = false;
        try
        {
            if (newer?.Count == range.Limit)
            {
                isReturned = true;
                return new HistoryPage([], newer, range.Limit);
            }

            if (!await coverage.CoversAsync(from, cancellationToken))
            {
                return await table.OpenAsync(symbol, range, cancellationToken);
            }

            var older = await lake.ReadAsync(
                symbol, range with { ToMs = Math.Min(range.ToMs, from), Limit = range.Limit - (newer?.Count ?? 0) }, cancellationToken);
            isReturned = true;
            return new HistoryPage(older, newer, range.Limit);
        }
        finally
        {
            if (!isReturned && newer is not null)
            {
                await newer.DisposeAsync();
            }
        }
    }

    private async Task<IReadOnlyList<Candle>> ReadCandlesAsync(CandleRange range, long from, CancellationToken cancellationToken)
    {
        // Align the boundary to the start of a candle, so that no candle is split.
        var excessMs = from % range.LengthMs;
        var aligned = from == TableBoundary.Empty || excessMs == 0 ? from : from - excessMs + range.LengthMs;
        if (range.FromMs >= aligned || !await coverage.CoversAsync(aligned, cancellationToken))
        {
            return await table.ReadCandlesAsync(range, cancellationToken);
        }

        var older = await lake.ReadCandlesAsync(range with { ToMs = Math.Min(range.ToMs, aligned) }, cancellationToken);
        return range.ToMs <= aligned ? older
            : [.. older, .. await table.ReadCandlesAsync(range with { FromMs = aligned }, cancellationToken)];
    }
}
