using System.Runtime.InteropServices;
using CloudTicks.Replay.Sorting;
using CloudTicks.Ticks;

namespace CloudTicks.Verification.Reconciling;

/// <summary>
/// Merges archive and table by millisecond and counts ticks by minute. It holds the ticks of one millisecond and the series of one minute
/// in memory.
/// </summary>
internal sealed class TickMerge(TickReplay archive, TableTicks? table, long tableFromMs, RefusedTicks refused, SymbolFilter symbols)
{
    private const long MinuteMs = 60_000;

    private readonly Dictionary<(Series Series, ulong Identity), TickSource> _archived = [];
    private readonly HashSet<(Series Series, ulong Identity)> _stored = [];
    private readonly Dictionary<Series, MinuteCell> _cells = [];
    private bool _hasArchived;
    private (Series Series, long TimestampMs, ulong Identity, TickSource Source) _nextArchived;

    /// <summary>The start of the current minute, Unix ms.</summary>
    public long MinuteBeginMs { get; private set; } = long.MinValue;

    public IReadOnlyDictionary<Series, MinuteCell> Cells => _cells;

    /// <summary>Counts the ticks of the next minute that has any; false at the end.</summary>
    public async Task<bool> NextMinuteAsync(CancellationToken cancellationToken)
    {
        _cells.Clear();
        MinuteBeginMs = long.MinValue;
        while (NextMs() is { } ms)
        {
            var minute = ms - (((ms % MinuteMs) + MinuteMs) % MinuteMs);
            if (MinuteBeginMs == long.MinValue)
            {
                MinuteBeginMs = minute;
            }
            else if (minute != MinuteBeginMs)
            {
                return true;
            }

            cancellationToken.ThrowIfCancellationRequested();
            MergeArchived(ms);
            await MergeStoredAsync(ms, cancellationToken);
            Compare(ms);
        }

        return MinuteBeginMs != long.MinValue;
    }

    private long? NextMs()
    {
        if (!_hasArchived)
        {
            _hasArchived = ReadArchived();
        }

        return (_hasArchived, table?.Current) switch
        {
            (true, { } row) => Math.Min(_nextArchived.TimestampMs, row.TimestampMs),
            (true, null) => _nextArchived.TimestampMs,
            (false, { } row) => row.TimestampMs,
            _ => null,
        };
    }

    private bool ReadArchived()
    {
        var tick = default(Tick);
        if (!archive.TryRead(ref tick, out var source, out var identity))
        {
            return false;
        }

        _nextArchived = (new Series(tick.Symbol.Name, tick.Kind == TickKind.Trade), tick.TimestampMs, identity, source);
        return true;
    }

    private void MergeArchived(long ms)
    {
        _archived.Clear();
        while (_hasArchived && _nextArchived.TimestampMs == ms)
        {
            _archived.TryAdd((_nextArchived.Series, _nextArchived.Identity), _nextArchived.Source);
            _hasArchived = ReadArchived();
        }
    }

    private async ValueTask MergeStoredAsync(long ms, CancellationToken cancellationToken)
    {
        _stored.Clear();
        while (table?.Current is { } row && row.TimestampMs == ms)
        {
            if (symbols.Matches(row.Series.Symbol))
            {
                _stored.Add((row.Series, row.Identity));
            }

            await table.AdvanceAsync(cancellationToken);
        }
    }

    private void Compare(long ms)
    {
        foreach (var ((series, identity), source) in _archived)
        {
            var cell = CellOf(series);
            cell.AddArchived(identity, source);
            // The table need not have ticks from before its beginning.
            if (table is not null && ms >= tableFromMs && !_stored.Contains((series, identity)))
            {
                cell.AddMissingInTable(ms, identity, refused.Contains(series.Symbol, ms, identity));
            }
        }

        foreach (var (series, identity) in _stored)
        {
            var cell = CellOf(series);
            cell.AddStored();
            if (!_archived.ContainsKey((series, identity)))
            {
                cell.AddMissingInArchive(ms, identity);
            }
        }
    }

    private MinuteCell CellOf(Series series) => CollectionsMarshal.GetValueRefOrAddDefault(_cells, series, out _) ??= new MinuteCell();
}
