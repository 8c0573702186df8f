using System.Globalization;
using CloudTicks.EventStream;
using CloudTicks.Ticks;
using CloudTicks.Timescale.Queries;

namespace CloudTicks.Relay.Rest;

/// <summary>Reads ticks from the table, and older ticks from the lake, or from the archive if the lake does not have them all.</summary>
internal sealed class RelayHistory(
    OrderedTicks table, TableBoundary boundary, LakeScan lake, ArchiveScan archive, SymbolCounts counts, TimeProvider time)
{
    /// <summary>
    /// The timeout for finding out whether the archive has older records. It is short, because after a timeout older records are assumed to
    /// exist.
    /// </summary>
    private static readonly TimeSpan HubTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Passes the requested ticks to a sink until it is full.</summary>
    /// <exception cref="EventStreamException">The event hub does not answer.</exception>
    /// <exception cref="Lake.Reading.LakeUnavailableException">The lake cannot be read, or is busy with other requests.</exception>
    /// <exception cref="BusyException">The table's oldest ticks were dropped during the read.</exception>
    public async Task<HistoryRead> ReadAsync(TickQuery query, ITickSink sink, CancellationToken cancellationToken)
    {
        var from = await boundary.ReadAsync(cancellationToken);
        var (fromMs, toMs) = query.Rest;
        var read = default(HistoryRead);
        if (!query.IsBackward && fromMs < from)
        {
            read = await ReadOlderAsync(query, from, false, sink, cancellationToken);
        }

        var hasRows = false;
        if (!sink.IsFull && toMs > from)
        {
            hasRows = await ReadTableAsync(query, Math.Max(fromMs, from), toMs, sink, cancellationToken);
            await boundary.CheckAsync(from, cancellationToken);
        }

        return query.IsBackward && fromMs < from && !sink.IsFull
            ? await ReadOlderAsync(query, from, hasRows, sink, cancellationToken)
            : read;
    }

    /// <summary>Explains why a response has no ticks, by naming the time at which the stored ticks begin.</summary>
    /// <returns>A sentence; null when the request may overlap the time range of the stored ticks.</returns>
    /// <exception cref="CountingException">The table is being counted.</exception>
    /// <exception cref="Lake.Reading.LakeUnavailableException">The lake cannot be read, or is busy with other requests.</exception>
    public async Task<string?> ExplainAbsenceAsync(TickQuery query, HistoryRead read, CancellationToken cancellationToken)
    {
        if (read.HasOlderRecords)
        {
            return null;
        }

        var kind = query.Kind == TickKind.Quote ? "quotes" : "trades";
        var series = $"{kind} of {query.Symbol.Name}";
        var firstMs = read.FirstMs ?? (read.IncludesLake ? await lake.FirstMsAsync(query, cancellationToken) : null)
            ?? (await counts.ReadAsync(cancellationToken)).FirstMsOf(query.Symbol.Name, query.Kind);
        var tableMs = await boundary.ReadAsync(cancellationToken);
        if (firstMs is not { } first)
        {
            return $"There are no {series} in this relay's data: the symbol is not collected, or has no {kind} yet. The table begins at "
                + $"{FormatTime(tableMs)}.";
        }

        // The first tick found is the symbol's first only if all older ticks were read, or the archive has no older records.
        var isFirst = query.ToMs <= first && (read.IsComplete || !await MayHaveOlderAsync(query.Symbol, tableMs, cancellationToken));
        return !isFirst ? null : string.Create(
            CultureInfo.InvariantCulture, $"There are {series} since {FormatTime(first)} (timestamp.gte={first}000000), and none before.");
    }

    public static string FormatTime(long ms) =>
        DateTimeOffset.FromUnixTimeMilliseconds(ms).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    private async Task<bool> ReadTableAsync(
        TickQuery query, long fromMs, long toMs, ITickSink sink, CancellationToken cancellationToken)
    {
        var reader = new TableTick(query.Symbol, query.Kind);
        var after = query.After;
        for (var hasRows = false; ; hasRows = true)
        {
            var rows = await table.ReadAsync(
                query.Symbol.Name, query.Kind, fromMs, toMs, query.IsBackward, after, query.SliceRows, cancellationToken);
            foreach (var row in rows)
            {
                AddRow(reader, row, sink);
            }

            if (rows.Count < query.SliceRows || sink.IsFull)
            {
                return hasRows || rows.Count > 0;
            }

            var last = rows[^1];
            after = new TickPosition(last.TimestampMs, last.Sequence ?? 0, last.ReceivedMs, last.Identity);
        }
    }

    private static void AddRow(TableTick reader, MarketTick row, ITickSink sink)
    {
        var tick = default(Tick);
        reader.Read(row, ref tick);
        sink.Add(tick, row.Identity, mayRepeat: false);
    }

    private async Task<HistoryRead> ReadOlderAsync(
        TickQuery query, long tableMs, bool hasRows, ITickSink sink, CancellationToken cancellationToken)
    {
        if (!await lake.CoversAsync(tableMs, cancellationToken))
        {
            return await ReadArchiveAsync(query, tableMs, hasRows, sink, cancellationToken);
        }

        var (fromMs, toMs) = query.Rest;
        await lake.ReadAsync(query, fromMs, Math.Min(toMs, tableMs), sink, cancellationToken);
        return new HistoryRead { IncludesLake = true, IsComplete = true };
    }

    /// <param name="tableMs">The time at which the table begins, Unix ms.</param>
    /// <param name="hasRows">Whether the table had rows for the request.</param>
    private async Task<HistoryRead> ReadArchiveAsync(
        TickQuery query, long tableMs, bool hasRows, ITickSink sink, CancellationToken cancellationToken)
    {
        // Without a start time the whole archive would be read, which takes too long. If the table had rows, this page ends with them, and
        // the next page continues in the archive.
        if (query.FromMs <= 0)
        {
            if (hasRows)
            {
                return new HistoryRead { MayHaveMore = await MayHaveOlderAsync(query.Symbol, tableMs, cancellationToken) };
            }

            if (!await archive.HasRecordsBeforeAsync(query.Symbol, tableMs, cancellationToken))
            {
                return new HistoryRead { IsComplete = true };
            }
        }

        var (fromMs, toMs) = query.Rest;
        var (firstMs, isKnown) = await archive.ReadAsync(query, fromMs, Math.Min(toMs, tableMs), sink, cancellationToken);
        return new HistoryRead { FirstMs = firstMs, IsComplete = isKnown, HasOlderRecords = !isKnown };
    }

    private async Task<bool> MayHaveOlderAsync(Symbol symbol, long ms, CancellationToken cancellationToken)
    {
        try
        {
            return await archive.HasRecordsBeforeAsync(symbol, ms, cancellationToken).WaitAsync(HubTimeout, time, cancellationToken);
        }
        catch (Exception unavailable) when (unavailable is EventStreamException or TimeoutException)
        {
            return true;
        }
    }
}
