using System.Globalization;
using CloudTicks.EventStream;
using CloudTicks.Ticks;
using CloudTicks.Timescale.Queries;

namespace CloudTicks.Relay.Rest;

/// <summary>Reads ticks from the table, and older ones from the lake, or without a lake from the archive.</summary>
internal sealed class RelayHistory(
    OrderedTicks table, TableBorder border, LakeScan lake, ArchiveScan archive, SymbolCounts counts, TimeProvider time)
{
    /// <summary>The maximum wait for an unavailable event hub, which must not delay a response that the table has.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Passes the requested ticks to a sink until it is full.</summary>
    /// <exception cref="EventStreamException">The event hub does not answer.</exception>
    /// <exception cref="BusyException">The table's beginning moved meanwhile.</exception>
    public async Task<HistoryRead> ReadAsync(TickQuery question, ITickSink sink, CancellationToken cancellationToken)
    {
        var from = await border.ReadAsync(cancellationToken);
        var (fromMs, toMs) = question.Rest;
        var read = default(HistoryRead);
        if (!question.IsBackward && fromMs < from)
        {
            read = await ReadOlderAsync(question, from, false, sink, cancellationToken);
        }

        var hasRows = false;
        if (!sink.IsFull && toMs > from)
        {
            hasRows = await ReadTableAsync(question, Math.Max(fromMs, from), toMs, sink, cancellationToken);
            await border.CheckAsync(from, cancellationToken);
        }

        return question.IsBackward && fromMs < from && !sink.IsFull
            ? await ReadOlderAsync(question, from, hasRows, sink, cancellationToken)
            : read;
    }

    /// <summary>Explains why a response has no ticks: when the stored ticks begin.</summary>
    /// <returns>A sentence; null when the request is within the time range of the stored ticks.</returns>
    /// <exception cref="CountingException">The table is being counted.</exception>
    public async Task<string?> AbsenceAsync(TickQuery question, HistoryRead read, CancellationToken cancellationToken)
    {
        if (read.HasOlderRecords)
        {
            return null;
        }

        var what = $"{(question.Kind == TickKind.Quote ? "quotes" : "trades")} of {question.Symbol.Name}";
        var firstMs = read.FirstMs ?? (read.IncludesLake ? await lake.FirstMsAsync(question, cancellationToken) : null)
            ?? (await counts.ReadAsync(cancellationToken)).FirstMsOf(question.Symbol.Name, question.Kind);
        var tableMs = await border.ReadAsync(cancellationToken);
        if (firstMs is not { } first)
        {
            return $"There are no {what} here: the symbol is not collected, or has none yet. The table begins at {Text(tableMs)}.";
        }

        // The table's first tick is not the first one if the archive has older ones and was not read.
        var isFirst = question.ToMs <= first && (read.IsComplete || !await MayHaveOlderAsync(question.Symbol, tableMs, cancellationToken));
        return !isFirst ? null : string.Create(
            CultureInfo.InvariantCulture, $"There are {what} from {Text(first)} on (timestamp.gte={first}000000), none before.");
    }

    public static string Text(long ms) =>
        DateTimeOffset.FromUnixTimeMilliseconds(ms).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    private async Task<bool> ReadTableAsync(
        TickQuery question, long fromMs, long toMs, ITickSink sink, CancellationToken cancellationToken)
    {
        var reader = new TableTick(question.Symbol, question.Kind);
        var after = question.After;
        for (var hasRows = false; ; hasRows = true)
        {
            var rows = await table.ReadAsync(
                question.Symbol.Name, question.Kind, fromMs, toMs, question.IsBackward, after, question.SliceRows, cancellationToken);
            foreach (var row in rows)
            {
                AddRow(reader, row, sink);
            }

            if (rows.Count < question.SliceRows || sink.IsFull)
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
        TickQuery question, long tableMs, bool hasRows, ITickSink sink, CancellationToken cancellationToken)
    {
        if (!await lake.CoversAsync(tableMs, cancellationToken))
        {
            return await ReadArchiveAsync(question, tableMs, hasRows, sink, cancellationToken);
        }

        var (fromMs, toMs) = question.Rest;
        await lake.ReadAsync(question, fromMs, Math.Min(toMs, tableMs), sink, cancellationToken);
        return new HistoryRead { IncludesLake = true, IsComplete = true };
    }

    /// <param name="tableMs">The time at which the table begins, Unix ms.</param>
    /// <param name="hasRows">Whether the table had rows for the request.</param>
    private async Task<HistoryRead> ReadArchiveAsync(
        TickQuery question, long tableMs, bool hasRows, ITickSink sink, CancellationToken cancellationToken)
    {
        // A request without a start time covers the whole archive, which takes long: this page ends with the table, and the next one
        // continues.
        if (question.FromMs <= 0)
        {
            if (hasRows)
            {
                return new HistoryRead { IsCut = await MayHaveOlderAsync(question.Symbol, tableMs, cancellationToken) };
            }

            if (!await archive.HasRecordsBeforeAsync(question.Symbol, tableMs, cancellationToken))
            {
                return new HistoryRead { IsComplete = true };
            }
        }

        var (fromMs, toMs) = question.Rest;
        var (firstMs, isKnown) = await archive.ReadAsync(question, fromMs, Math.Min(toMs, tableMs), sink, cancellationToken);
        return new HistoryRead { FirstMs = firstMs, IsComplete = isKnown, HasOlderRecords = !isKnown };
    }

    private async Task<bool> MayHaveOlderAsync(Symbol symbol, long ms, CancellationToken cancellationToken)
    {
        try
        {
            return await archive.HasRecordsBeforeAsync(symbol, ms, cancellationToken).WaitAsync(Patience, time, cancellationToken);
        }
        catch (Exception away) when (away is EventStreamException or TimeoutException)
        {
            return true;
        }
    }
}
