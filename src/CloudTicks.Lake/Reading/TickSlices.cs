using CloudTicks.Lake.Files;
using CloudTicks.Lake.Native;
using CloudTicks.Ticks;

namespace CloudTicks.Lake.Reading;

/// <summary>Reads the ticks of a range in slices of time, so that little more is read than the visitor needs. Not thread-safe.</summary>
internal sealed class TickSlices(DuckDbConnection connection, LakeIndex index, LakeTickRange range, LakeTickVisitor visitor)
{
    private const long MsPerHour = 3_600_000;
    private const long MaxSliceMs = 32 * 24 * MsPerHour;
    private const int MinRowsPerSlice = 1_000;

    private static readonly int[] Columns = [.. Enumerable.Range(0, TickSchema.Columns.Length)];

    private readonly TickRowReader _reader = new(Columns);
    private LakeTickCursor? _last = range.After;

    /// <summary>Reads until the visitor returns false.</summary>
    /// <exception cref="DuckDbException">A file cannot be read.</exception>
    /// <exception cref="LakeUnavailableException">A file is damaged.</exception>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        var length = MsPerHour;
        var (from, to) = (Math.Max(range.FromMs, 0), range.ToMs);
        if (_last is { } after)
        {
            (from, to) = range.IsBackward ? (from, Math.Min(to, after.TimestampMs + 1)) : (Math.Max(from, after.TimestampMs), to);
        }

        while (Slice(from, to, length) is var (sliceFrom, sliceTo))
        {
            if (await ReadAsync(sliceFrom, sliceTo, cancellationToken) is not { } rows)
            {
                return;
            }

            // Quiet symbols are read in longer slices, so that few queries are needed, and busy symbols in short ones.
            length = rows < MinRowsPerSlice ? Math.Min(length * 2, MaxSliceMs) : MsPerHour;
            (from, to) = range.IsBackward ? (from, sliceFrom) : (sliceTo, to);
        }
    }

    private (long FromMs, long ToMs)? Slice(long fromMs, long toMs, long length)
    {
        if (fromMs >= toMs)
        {
            return null;
        }

        if (range.IsBackward)
        {
            return index.LatestEnd(range.Kinds, range.Market, fromMs, toMs) is { } end
                ? (Math.Max(fromMs, Ceiling(end) - length), end) : null;
        }

        return index.EarliestStart(range.Kinds, range.Market, fromMs, toMs) is { } start
            ? (start, Math.Min(toMs, Ceiling(start + 1) - MsPerHour + length)) : null;
    }

    /// <summary>Reads a slice, with several queries if queries have a row limit.</summary>
    /// <returns>The number of rows read; null if the visitor returned false.</returns>
    private async Task<long?> ReadAsync(long fromMs, long toMs, CancellationToken cancellationToken)
    {
        var rows = 0L;
        var parts = new List<FilesOfKind>();
        foreach (var kind in range.Kinds)
        {
            if (index.FindOverlapping(kind, range.Market, fromMs, toMs) is { Count: > 0 } files)
            {
                foreach (var group in files.GroupBy(file => range.Handover?.OriginOf(file.Streams) ?? FileOrigin.Archive))
                {
                    parts.Add(await index.FetchAsync(kind, [.. group], cancellationToken) with { Origin = group.Key });
                }
            }
        }

        while (parts.Count > 0)
        {
            using var result = connection.Query(TickSql.Ticks(range with { After = _last }, fromMs, toMs, parts), cancellationToken);
            var count = 0;
            while (result.TryRead(out var chunk))
            {
                if (!Visit(chunk))
                {
                    return null;
                }

                count += chunk.Count;
            }

            rows += count;
            if (range.BatchRows is not { } limit || count < limit)
            {
                break;
            }
        }

        return rows;
    }

    private bool Visit(DuckDbChunk chunk)
    {
        var tick = default(Tick);
        var hashes = chunk[TickSql.HashColumn].Values<ulong>();
        var kinds = chunk[TickSql.KindColumn].Values<int>();
        var places = range.Handover is null ? default : chunk[TickSql.PlaceColumn].Values<long>();
        for (var row = 0; row < chunk.Count; row++)
        {
            _reader.Read(chunk, row, kinds[row] == 1 ? TickKind.Trade : TickKind.Quote, range.Market, ref tick);
            var cursor = new LakeTickCursor(tick.TimestampMs, tick.Sequence, hashes[row]);
            if (cursor == _last)
            {
                continue; // a copy of the same tick in another file
            }

            _last = cursor;
            if (range.Handover?.Selects(tick.Symbol, tick.TimestampMs, places[row]) == false)
            {
                continue; // already sent, or will be sent from the archive
            }

            if (!visitor(tick, _reader.Source(chunk, row), hashes[row]))
            {
                return false;
            }
        }

        return true;
    }

    private static long Ceiling(long ms) => (ms + MsPerHour - 1) / MsPerHour * MsPerHour;
}
